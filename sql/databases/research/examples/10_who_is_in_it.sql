-- title: Who is in the file
-- answers: How many respondents are there by wave, grade and gender, and what do they count as?
select
    wave,
    grade,
    gender,
    count(*) as n_respondents,
    sum(weight) as n_weighted
from respondent
group by wave, grade, gender
order by wave, grade, gender
