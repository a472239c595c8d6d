"""Starting elsewhere: the files of a new GitOps repository.

Before the way of a change. `gathering` finds out what can be found out, `choices` decides the rest,
`repository` makes the files as values, and `placing` puts them into a folder: all of them or none.
"""
