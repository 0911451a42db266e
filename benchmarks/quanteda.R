# Times quanteda (Benoit et al. 2018, Journal of Open Source Software 3, 774), asked by quanteda.py.
#
#     Rscript quanteda.R text|words|tokens
#
# The argument says what every task begins from: the texts, the words of each text already made (a list of strings), or
# quanteda's own tokens. The first line of input is JSON with the paths of the texts and the number of threads; every
# further line asks for one task and is answered with one line of JSON. R's start, reading the files and making what a
# task begins from are not timed.

if (!l10n_info()[["UTF-8"]]) invisible(Sys.setlocale("LC_CTYPE", "C.UTF-8"))
invisible(suppressMessages(stringi::stri_locale_set("en_US")))  # without one, loading quanteda warns
suppressPackageStartupMessages(library(quanteda))

read_text <- function(path) stringi::stri_conv(readBin(path, "raw", file.size(path)), "UTF-8", "UTF-8")

blank <- function(texts) stringi::stri_replace_all_charclass(texts, "[^\\p{L}\\p{N}]", " ", merge = TRUE)

tokenise <- list(
  default = function(texts) tokens(texts, remove_punct = TRUE, xptr = TRUE),
  # its fastest splits at single blanks only, so all that is no letter and no digit is made a blank first
  fastest = function(texts) tokens(blank(texts), what = "fastestword", xptr = TRUE),
  words = function(words) as.tokens(words),
  tokens = function(tokens) tokens
)

tasks <- list(
  counts = function(given, asked) dfm(tokenise[[asked$tokeniser]](given)),
  lexicon = function(given, asked) {
    dfm(tokens_lookup(tokenise[[asked$tokeniser]](given), dictionary(asked$lexicon)), tolower = FALSE)
  },
  concordance = function(given, asked) kwic(given, phrase(asked$phrase), window = 5)
)

to_compare <- list(
  counts = function(found) {
    list(terms = I(featnames(found)), counts = I(unname(colSums(found))), n_documents = I(unname(docfreq(found))))
  },
  lexicon = function(found) as.list(colSums(found)),
  concordance = nrow
)

input <- file("stdin", "r")
begin <- jsonlite::fromJSON(readLines(input, 1))
quanteda_options(threads = begin$threads)
given <- vapply(begin$paths, read_text, "", USE.NAMES = FALSE)
given <- switch(commandArgs(TRUE)[1],
  text = given,
  words = stringi::stri_extract_all_charclass(given, "[\\p{L}\\p{N}]", omit_no_match = TRUE),
  tokens = as.tokens(tokenise$fastest(given))
)

while (length(line <- readLines(input, 1))) {
  asked <- jsonlite::fromJSON(line)
  invisible(gc())  # what earlier tasks left behind is not timed
  before <- proc.time()
  began <- Sys.time()
  found <- tasks[[asked$task]](given, asked)
  seconds <- as.numeric(Sys.time() - began, units = "secs")
  spent <- proc.time() - before
  answer <- list(
    seconds = seconds,
    cpu_seconds = spent[["user.self"]] + spent[["sys.self"]],
    result = to_compare[[asked$task]](found)
  )
  rm(found)
  writeLines(jsonlite::toJSON(answer, auto_unbox = TRUE, digits = NA), useBytes = TRUE)
  flush(stdout())
}
