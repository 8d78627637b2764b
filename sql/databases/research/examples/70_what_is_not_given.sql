-- title: What is not given since it would tell a grade or an age
-- answers: Of how many respondents is each column not given, and what would it tell of?
select
    tells.wave,
    tells.column_name,
    tells.quasi_identifier,
    count(hidden.respondent) as n_respondents
from tells
left join hidden
    on tells.wave = hidden.wave and tells.quasi_identifier = hidden.quasi_identifier
group by tells.wave, tells.column_name, tells.quasi_identifier
order by tells.wave, tells.column_name, tells.quasi_identifier
