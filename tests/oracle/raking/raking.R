# Writes the CSV files beside it: raked and trimmed weights by R's survey, and the R-indicator from
# a logistic regression, for made-up respondents. Run in this folder: Rscript raking.R
suppressMessages(library(survey))
options(digits = 17, scipen = 999)
set.seed(20261122)

# Schools 1-4 hold grades 1-3, schools 5-6 grades 4-5; girls answer more, grade 5 least.
classes <- rbind(
  expand.grid(school = 1:4, grade = 1:3, gender = 1:2),
  expand.grid(school = 5:6, grade = 4:5, gender = 1:2)
)
classes$n_enrolled <- 20 + sample.int(60, nrow(classes), replace = TRUE)
propensity <- with(classes, 0.9 - 0.04 * grade - 0.08 * (gender == 2) - 0.05 * (school == 3))
classes$n_answered <- rbinom(nrow(classes), classes$n_enrolled, propensity)
write.csv(classes, "classes.csv", row.names = FALSE)

pupils <- classes[rep(seq_len(nrow(classes)), classes$n_enrolled), ]
pupils$answered <- unlist(mapply(
  function(n, r) rep(1:0, c(r, n - r)), classes$n_enrolled, classes$n_answered
))
respondents <- pupils[pupils$answered == 1, c("school", "grade", "gender")]
respondents$base <- round(exp(rnorm(nrow(respondents), 0, 0.5)), 6)

margin <- function(name) {
  counts <- aggregate(classes["n_enrolled"], classes[name], sum)
  setNames(counts, c(name, "Freq"))
}
raked <- function(base, margins) {
  design <- svydesign(ids = ~1, weights = base, data = respondents)
  design <- rake(
    design, lapply(margins, function(name) reformulate(name)), lapply(margins, margin),
    control = list(maxit = 10000, epsilon = 1e-15)
  )
  list(design, weights(design))
}
# strict = TRUE repeats this until no weight is above the bound, which the last bits can prevent.
trimmed <- function(design, ratio) {
  upper <- ratio * mean(weights(design))
  while (max(weights(design)) > upper * (1 + 1e-14)) design <- trimWeights(design, upper = upper)
  weights(design)
}
one <- rep(1, nrow(respondents))
two <- suppressWarnings(raked(one, c("grade", "gender")))
three <- suppressWarnings(raked(respondents$base, c("school", "grade", "gender")))
respondents$grade_gender <- two[[2]]
respondents$all_margins <- three[[2]]
respondents$all_margins_trimmed <- trimmed(three[[1]], 2)
respondents$all_margins_trimmed_hard <- trimmed(three[[1]], 1.25)
write.csv(respondents, "respondents.csv", row.names = FALSE)

# The R-indicator at the level of pupils: a saturated logistic regression gives the propensities,
# their variance matrix and, through the derivative of the link, the bias of S squared.
pupils$class <- interaction(pupils$school, pupils$grade, pupils$gender, drop = TRUE)
fit <- glm(answered ~ class, binomial, pupils, control = list(epsilon = 1e-14, maxit = 100))
rho <- fitted(fit)
z <- rho * (1 - rho) * model.matrix(fit)
bias <- mean(rowSums((z %*% vcov(fit)) * z))
s2 <- var(rho)
indicators <- data.frame(
  name = c("share", "s", "r", "r_adjusted", "cv", "max_bias"),
  value = c(
    mean(rho), sqrt(s2), 1 - 2 * sqrt(s2), 1 - 2 * sqrt(max(0, s2 - bias)),
    sqrt(s2) / mean(rho), sqrt(s2) * 0.5 / mean(rho)
  )
)
write.csv(indicators, "indicators.csv", row.names = FALSE)
partial <- do.call(rbind, lapply(c("school", "grade", "gender"), function(name) {
  of <- tapply(rho, pupils[[name]], mean)
  n <- table(pupils[[name]])
  data.frame(
    variable = name, category = names(of),
    partial = as.numeric(sign(of - mean(rho)) * sqrt(n / sum(n) * (of - mean(rho))^2))
  )
}))
write.csv(partial, "partials.csv", row.names = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), "versions.txt")
