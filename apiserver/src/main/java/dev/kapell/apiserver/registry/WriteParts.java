package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission;

/** What every write needs. */
record WriteParts(
    Storage storage,
    Metadata metadata,
    Admission admission,
    Allocations allocations,
    FieldOwners owners) {}
