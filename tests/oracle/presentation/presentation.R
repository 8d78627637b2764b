# Answers of the NCHS presentation standard for shares, written apart from the product.
#
#   Rscript presentation.R > expected.csv
#
# Rule: Parker et al. (2017), Vital and Health Statistics 2(175); order of the steps as in
# CDCgov/surveytable. R 4.2.2, base only (qbeta, qt).
answer <- function(k, n, deff, df) {
  p <- k / n
  at_end <- k == 0 || k == n
  n_eff <- if (at_end) n else min(n, n / deff)
  if (n_eff < 30) return(c("suppress", FALSE, FALSE))
  if (df <= 0) return(c("suppress", FALSE, FALSE))
  size <- min(n, n_eff * (qt(0.975, n - 1) / qt(0.975, df))^2)
  x <- p * size
  width <- 0
  if (!at_end) width <- qbeta(0.975, x + 1, size - x) - qbeta(0.025, x, size - x + 1)
  shown <- width <= 0.05 || (width < 0.30 && width / p <= 1.30)
  if (!shown) return(c("suppress", FALSE, FALSE))
  one_sided <- !at_end && width > 0.05 && width / (1 - p) > 1.30
  c("show", one_sided, df < 8 || at_end)
}

set.seed(2175)
rows <- data.frame(k = integer(), n = integer(), deff = numeric(), df = numeric())
add <- function(k, n, deff, df) rows[nrow(rows) + 1, ] <<- list(k, n, deff, df)
# The smallest samples that pass, and one respondent fewer, for shares of 2 to 50 %.
for (deff in c(1, 2)) for (percent in c(2, 5, 10, 15, 20, 30, 50)) {
  n <- 30
  while (answer(round(n * percent / 100), n, deff, 1e6)[1] != "show") n <- n + 1
  for (m in c(n - 1, n)) add(round(m * percent / 100), m, deff, 1e6)
}
# Around an effective size of 30, degrees of freedom of 8, ends, and the three widths.
for (n in c(29, 30, 31, 59, 60)) for (k in c(0, n, n %/% 2)) add(k, n, 1, 40)
for (n in c(59, 60, 61)) add(n %/% 2, n, 2, 40)
for (df in c(0, 1, 3, 7, 8, 9)) for (k in c(0, 60, 200)) add(k, 400, 1.5, df)
for (boundary in c(0.05, 0.30)) for (p in c(0.1, 0.3, 0.5)) {
  size <- uniroot(function(s) {
    qbeta(.975, p * s + 1, s * (1 - p)) - qbeta(.025, p * s, s * (1 - p) + 1) - boundary
  }, c(20, 1e5))$root
  for (m in floor(size) + c(-8, -1, 1, 8)) add(round(p * m), m, 1, 1e6)
}
for (p in c(0.04, 0.06, 0.08)) {
  size <- uniroot(function(s) {
    (qbeta(.975, p * s + 1, s * (1 - p)) - qbeta(.025, p * s, s * (1 - p) + 1)) / p - 1.3
  }, c(20, 1e5))$root
  for (m in floor(size) + c(-8, 0, 1, 8)) {
    add(round(p * m), m, 1, 1e6)
    add(m - round(p * m), m, 1, 1e6)
  }
}
while (nrow(rows) < 200) {
  n <- sample(10:1500, 1)
  add(sample(0:n, 1) * sample(0:1, 1) + rbinom(1, n, 0.03) %/% 2, n, sample(c(.8, 1, 1.5, 3), 1), sample(c(2, 6, 8, 12, 60), 1))
  if (rows$k[nrow(rows)] > n) rows <- rows[-nrow(rows), ]
}
found <- t(mapply(answer, rows$k, rows$n, rows$deff, rows$df))
out <- data.frame(rows, answer = found[, 1], complement = found[, 2], review = found[, 3])
write.csv(format(out, trim = TRUE, scientific = FALSE), row.names = FALSE, quote = FALSE)
