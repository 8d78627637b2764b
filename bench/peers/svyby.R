# R's survey on scored respondents: Rscript svyby.R scored.csv n_factors all|finest out.csv
#
# Only the calls of svyby are timed, not reading nor the declaration of the design. Prints seconds
# of wall and of processor, and the peak of memory in KiB.
suppressPackageStartupMessages(library(survey))
asked <- commandArgs(trailingOnly = TRUE)
scored <- read.csv(asked[1], colClasses = c(area_id = "character", weight = "numeric"))
factors <- sub("^is_flagged_", "", grep("^is_flagged_", names(scored), value = TRUE))
factors <- factors[seq_len(as.integer(asked[2]))]
declared <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = scored)

finest <- c("area_id", "grade", "gender")
domains <- list(finest)
if (asked[3] == "all") {
  # Every domain of the product: each of the three, or all of it.
  domains <- unlist(lapply(0:3, function(n) combn(finest, n, simplify = FALSE)), recursive = FALSE)
}

shares <- function(flag, by) {
  if (length(by)) {
    svyby(flag, reformulate(by), declared, svyciprop, method = "xlogit",
          vartype = c("se", "ci"), na.rm = TRUE)
  } else {
    svyciprop(flag, declared, method = "xlogit", na.rm = TRUE)
  }
}
means <- function(score, by) {
  if (length(by)) {
    svyby(score, reformulate(by), declared, svymean, vartype = c("se", "ci"), na.rm = TRUE)
  } else {
    svymean(score, declared, na.rm = TRUE)
  }
}

found <- list()
seconds <- system.time(
  for (factor in factors) {
    for (by in domains) {
      of_shares <- shares(reformulate(paste0("is_flagged_", factor)), by)
      if (asked[3] == "all") means(reformulate(paste0("score_", factor)), by)
      if (identical(by, finest)) found[[factor]] <- of_shares
    }
  }
)

rows <- do.call(rbind, lapply(names(found), function(factor) {
  of <- found[[factor]]
  data.frame(measure_id = factor, of[finest], estimate = of[[4]], se = of[[5]])
}))
write.csv(format(rows, digits = 17), asked[4], row.names = FALSE)
status <- readLines("/proc/self/status")
peak <- as.numeric(gsub("\\D", "", grep("^VmHWM", status, value = TRUE)))
cat(seconds[["elapsed"]], seconds[["user.self"]] + seconds[["sys.self"]], peak, "\n")
