namespace ColbertOnnx.Embeddings;

/// <summary>The file or folder that a manifest belongs to.</summary>
/// <param name="Name">Its name, without the folders above.</param>
/// <param name="Bytes">Of the file, or of all files of the folder.</param>
/// <param name="Sha256">
/// SHA-256 of the file's bytes, in hexadecimal. Of a folder: of the lines "hash, two blanks, name" of its files, in the order of their
/// names' characters, as sha256sum prints them.
/// </param>
public sealed record ManifestOutput(string Name, long Bytes, string Sha256)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => ShownText.Of(FormattableString.Invariant($"{Name}, {Bytes} bytes"));
}
