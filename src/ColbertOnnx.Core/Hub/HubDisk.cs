using System.Text;

namespace ColbertOnnx.Hub;

/// <summary>What the cache's file system refuses becomes the error that names the file.</summary>
internal static class HubDisk
{
    public static void Run(string path, Action action) => Run(path, () =>
    {
        action();
        return true;
    });

    public static T Run<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failed(path, e);
        }
    }

    public static async Task RunAsync(string path, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failed(path, e);
        }
    }

    /// <summary>What a small file says.</summary>
    public static string TextOf(byte[] bytes) => Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');

    private static ColbertException Failed(string path, Exception e) => new(
        ColbertErrorId.OutputFailed,
        $"The cache could not be read or written at '{path}': {e.Message}",
        path,
        "Check the rights and the free space there, or name another folder in HF_HOME.",
        e);
}
