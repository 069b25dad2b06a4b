namespace ColbertOnnx.Hub;

/// <summary>Names that come from a server or a user become paths here, or are refused.</summary>
internal static class HubPath
{
    /// <summary>
    /// The path of a repository's file below a folder. The same names are refused on every system, for a cache may be carried to another
    /// one.
    /// </summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelInvalid"/>: the name leads out of the folder.</exception>
    public static string Below(string folder, string name) => IsSafe(name)
        ? Path.Combine([folder, .. name.Split('/')])
        : throw new ColbertException(
            ColbertErrorId.ModelInvalid, $"The repository names a file '{name}', which could lie outside of the model's folder.", name,
            "Do not use this repository.");

    /// <summary>False for absolute paths, drives, backslashes, control characters, and the parts <c>..</c>, <c>.</c> and nothing.</summary>
    public static bool IsSafe(string name) =>
        !name.Any(c => c is '\\' or ':' || char.IsControl(c)) && name.Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>Whether git could have a branch, tag or commit of that name.</summary>
    public static bool IsRevision(string name) =>
        IsSafe(name)
        && name[0] != '-'
        && !name.Any(c => c is ' ' or '~' or '^' or '?' or '*' or '[')
        && !name.Contains("..", StringComparison.Ordinal);
}
