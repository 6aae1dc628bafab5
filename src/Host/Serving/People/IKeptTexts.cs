namespace VerseEtl.Host.Serving.People;

/// <summary>Small texts that outlive the process, by kind and name: in the state folder, or in the database where hosts share one.</summary>
internal interface IKeptTexts
{
    /// <summary>Null where there is none.</summary>
    /// <exception cref="Load.Storage.StorageException">It cannot be looked.</exception>
    string? Read(string kind, string name);

    /// <summary>Whole or not at all, over what was there.</summary>
    /// <exception cref="Load.Storage.StorageException">It cannot be kept.</exception>
    void Write(string kind, string name, string text);

    /// <exception cref="Load.Storage.StorageException">It cannot be removed.</exception>
    void Remove(string kind, string name);

    /// <summary>In the order of names.</summary>
    /// <exception cref="Load.Storage.StorageException">It cannot be looked.</exception>
    IReadOnlyList<(string Name, string Text)> All(string kind);
}
