"""A compiled executor for graphql-core's schemas: the same answers, level by level instead of field by field.

graphql-core walks the answer depth first: for each field of each object it looks the field up, builds an info, calls
the resolver, asks whether what came back is awaitable, and completes it. A page of 20 questions with 3 answers each
is some 2,000 such walks, and nine tenths of a request. Almost all of that is known as soon as the document is.

**Compiling** (`compiling.py`) turns an operation into a tree, once for each way its `@skip` and `@include` turn out;
it collects fields by graphql-core's own functions. A `Selection` (`selections.py`) is a selection set of one object
type; its `Field`s (`fields.py`) know what gives their values, and their `Slot`s (`shapes.py`) what becomes of them: a
leaf, a list, an object, or one of several types, and whether null may stand there. Types behind an interface or union
are compiled when the first object of theirs comes.

**Running** takes the objects of one level all together. Fields that only read an attribute, or call a method that
takes nothing but arguments, are one loop over all of them, together with what is selected of the objects that they give
(`writing.py`); most of a page ends there. Every other field is a column. Where its author wrote how to get the values
of all objects at once (`for_all`) that is asked once; else its resolver is called for each object, and everything to be
awaited is awaited side by side (`together.py`: in the task that runs the operation, so that the loaders of a whole
level fill one batch). Below an operation's only field, as long as a single way leads on, there is nobody to share a
batch with: its edges are loaded one after the other, in place. The values go on to the slot as one flat list, a list of
lists flattened. A `Level` (`levels.py`) remembers which value stands where, so that a path is only worked out for an
error, or for who asks `info.path`; likewise the info itself. Arguments that are constants of the document are converted
once a plan.

**Errors** travel as values: `Failed` stands in a list in place of what was to come, is located where it arose, and
goes up from slot to slot until one may be null; there it is recorded, as the specification's "Handling Execution
Errors" has it. Where the loop stumbles the level is done again column by column, to tell whose value it was.

**What stays in force**: resolvers are the schema's own. Only where Strawberry's wrapper would have nothing to do (no
permission, no extension, no exception handler) is the function that it wraps called directly (`shortcuts.py`).

**What is not supported** (incremental delivery, fragments with variables, conditions that are null, middleware, abort
signals) runs on graphql-core, and is counted by its reason. Tests compare the two on the specification's own examples,
on what the test-suite asks and on generated operations (`tests/execution`).
"""

from app.graph.execution.executor import CompiledExecutor

__all__ = ["CompiledExecutor"]
