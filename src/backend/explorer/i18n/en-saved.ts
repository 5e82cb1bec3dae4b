// English, of the page of saved views.
export const saved = {
  'view.saved': 'Saved views',
  'saved.name': 'Name of this view',
  'saved.save': 'Save',
  'saved.forget': 'Delete',
  'saved.forget_one': 'Delete {name}',
  'saved.this': 'Save view',
  'saved.done': 'Saved',
  'saved.nothing': 'No saved views',
  'saved.nothing_why': '"Save view" stores the current page with its query, time range and order in this browser.',
  'saved.offered': 'Views from this link',
  'saved.keep_all': 'Save {n} {n|view|views}',
  'saved.rename': 'Rename',
  'saved.rename_one': 'Rename {name}',
  'saved.export': 'Link to all views',
}
