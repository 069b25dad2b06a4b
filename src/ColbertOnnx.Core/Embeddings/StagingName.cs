namespace ColbertOnnx.Embeddings;

/// <summary>Names for what is not complete yet: hidden, in the same folder (a move within one file system is one step), like no result's.</summary>
internal static class StagingName
{
    public static string For(string target) => In(Path.GetDirectoryName(target)!, Path.GetFileName(target));

    public static string In(string folder, string name) => Path.Combine(folder, $".{name}.{Path.GetRandomFileName()}.tmp");

    /// <summary>Takes a file or folder away if it can: this runs where something else already failed.</summary>
    public static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
