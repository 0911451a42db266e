# Times seededlda (Watanabe & Baturo 2023, Social Science Computer Review), asked by topics.py.
#
#     Rscript seededlda.R COUNTS TOPICS TOPIC_COUNT SWEEPS THREADS SEED
#
# Reads documents × terms from the Matrix Market file COUNTS, writes topics × terms to the file TOPICS (doubles, column by
# column), and prints the seconds of textmodel_lda alone, by the clock and of all processors.

asked <- commandArgs(TRUE)
numbers <- as.integer(asked[3:6])
counts <- quanteda::as.dfm(methods::as(Matrix::readMM(asked[1]), "CsparseMatrix"))
options(seededlda_threads = numbers[3])
invisible(loadNamespace("seededlda"))
invisible(gc())
set.seed(numbers[4])
before <- proc.time()
model <- seededlda::textmodel_lda(
  counts,
  k = numbers[1],
  max_iter = numbers[2] - 10,  # it looks at the limit after every ten sweeps, and makes ten more
  batch_size = 1 / numbers[3]
)
spent <- proc.time() - before
writeBin(as.vector(model$phi), asked[2])
cat(spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]], "\n")
