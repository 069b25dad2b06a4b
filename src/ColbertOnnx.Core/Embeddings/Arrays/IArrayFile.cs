namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>Arrays of one file or folder, in order.</summary>
internal interface IArrayFile : IDisposable
{
    string Path { get; }

    /// <summary>One after the other, as often as asked: they are not all in memory.</summary>
    IEnumerable<StoredArray> Arrays();

    /// <summary>Their names, where the arrays themselves need not be looked at.</summary>
    IEnumerable<string> Names();

    /// <summary>What the file says about all of them; mostly empty.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The array of that name where it can be found without reading all; null: there is none.</summary>
    StoredArray? Find(string name);
}
