namespace ColbertOnnx.IO;

/// <summary>Paths that a caller gives.</summary>
internal static class GivenPath
{
    /// <summary>Refuses what can be no path, before the file system does with an error that names neither.</summary>
    /// <param name="path">What was given.</param>
    /// <param name="what">What it should be the path of, with its article.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: it is empty or blank, or holds the character that no
    /// path can have.</exception>
    public static void Require(string path, string what)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"'{path}' is not the path of {what}.", path, $"Give the path of {what}.");
    }
}
