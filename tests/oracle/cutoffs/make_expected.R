# Writes data.csv and expected.csv: Rscript make_expected.R, in this folder.
# R 4.2.2 with survey 4.1-1 and pROC 1.18.0 (Debian 12).
suppressPackageStartupMessages({library(survey); library(pROC)})
set.seed(20261122)

made <- function(group, n, items, weights, shift = 0.6) {
  behaviour <- rbinom(n, 1, 0.3)
  answers <- matrix(pmin(4, pmax(1, round(rnorm(n * items, 2.3 + shift * behaviour, 1)))), n)
  # Stored as scores are: with twelve decimals.
  data.frame(group, score = round(rowMeans(answers), 12), weight = weights, behaviour)
}
d <- rbind(
  made("two_items", 60, 2, 1),
  made("three_items", 101, 3, 1),
  made("many_items", 200, 9, 1),
  made("protective", 120, 4, 1, -0.7),
  made("two_items_weighted", 64, 2, sample(c(0.25, 0.5, 1, 2.75), 64, TRUE)),
  made("nine_items_weighted", 150, 9, sample(c(0.25, 0.5, 1, 2.75), 150, TRUE))
)
d$score <- sprintf("%.12f", d$score)
write.csv(d, "data.csv", row.names = FALSE, quote = FALSE)
d$score <- as.numeric(d$score)

rows <- list()
put <- function(group, what, about, number)
  rows[[length(rows) + 1]] <<- data.frame(group, what, about, number = sprintf("%.17g", number))

shares <- c(0.05, 0.15, 0.2, 0.25, 0.5, 0.7, 0.75, 0.8, 0.85, 0.95)
for (g in unique(d$group)) {
  x <- d[d$group == g, ]
  weighted <- length(unique(x$weight)) > 1
  if (weighted) {
    des <- svydesign(ids = ~1, weights = ~weight, data = x)
    quantile_of <- function(design, formula, share, type) coef(svyquantile(
      formula, design, share, qrule = paste0("hf", type), ci = FALSE))[[1]]
    for (type in 1:2) for (share in shares)
      put(g, "quantile", paste0(type, ":", share), quantile_of(des, ~score, share, type))
    middle <- quantile_of(des, ~score, 0.5, 2)
    des <- update(des, deviation = abs(score - middle))
    put(g, "mad_median", "", quantile_of(des, ~deviation, 0.5, 2))
    put(g, "mad_mean", "", coef(svymean(~deviation, des))[[1]])
    # pROC knows no weights: a weight of n quarters is n respondents.
    x <- x[rep(seq_len(nrow(x)), x$weight * 4), ]
  } else {
    for (type in c(1, 2, 6, 7, 8)) for (share in shares)
      put(g, "quantile", paste0(type, ":", share), quantile(x$score, share, type = type)[[1]])
    put(g, "mad_median", "", mad(x$score, constant = 1))
    put(g, "mad_mean", "", mean(abs(x$score - median(x$score))))
  }
  for (side in c("upper", "lower")) {
    curve <- roc(x$behaviour, x$score, direction = if (side == "upper") "<" else ">",
                 levels = c(0, 1), quiet = TRUE)
    put(g, "auc", side, as.numeric(auc(curve)))
    points <- coords(curve, "all", ret = c("threshold", "sensitivity", "specificity"),
                     transpose = FALSE)
    points <- points[is.finite(points$threshold), ]
    best <- coords(curve, "best", best.method = "youden", transpose = FALSE,
                   ret = c("threshold", "sensitivity", "specificity"))
    for (i in seq_len(nrow(best))) put(g, "youden", side, best$threshold[i])
    put(g, "youden_j", side, max(best$sensitivity + best$specificity - 1))
    enough <- points[points$specificity >= 0.8, ]
    # -Inf: there is none.
    put(g, "sensitivity_at_0.8", side, max(-Inf, enough$sensitivity))
    for (i in seq_len(nrow(points))) {
      at <- paste0(side, ":", sprintf("%.9f", points$threshold[i]))
      put(g, "sensitivity", at, points$sensitivity[i])
      put(g, "specificity", at, points$specificity[i])
    }
  }
}
write.csv(do.call(rbind, rows), "expected.csv", row.names = FALSE, quote = FALSE)
