-- title: How much is told of respondents
-- answers: Of which share of the respondents is each level of area, grade, gender and age shown?
select
    wave,
    quasi_identifier,
    level,
    n_respondents,
    n_respondents / sum(n_respondents) over (partition by wave, quasi_identifier) as share
from generalisation
order by wave, quasi_identifier, level
