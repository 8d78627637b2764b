-- What every table, view and column says.
select
    dictionary.relation,
    dictionary.column_name,
    dictionary.type,
    dictionary.says,
    dictionary.null_means
from dictionary
order by dictionary.relation, dictionary.column_name
