"""How the weights of the summaries are learned; numpy and lightgbm are needed here only."""
