using System.Globalization;
using ColbertOnnx.Inputs;
using ColbertOnnx.IO;
using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.Embeddings;

/// <summary>What is wrong with a file of embeddings, with the place in it.</summary>
internal static class EmbeddingErrors
{
    private const string WriteAgain = "Write or copy the file again.";

    public static ColbertException Invalid(string location, string what, string action = WriteAgain, Exception? inner = null) =>
        new(ColbertErrorId.InputInvalid, $"{location}: {what}", location, action, inner);

    public static ColbertException CutOff(string location) => Invalid(location, "the file ends in the middle.");

    /// <param name="embedding">It holds NaN or infinity.</param>
    /// <param name="what">What the output would hold, up to the verb.</param>
    public static ColbertException NotFinite(ColbertEmbedding embedding, string what) => new(
        ColbertErrorId.InferenceFailed,
        $"The model gave no finite numbers for the text {(embedding.Id is string id ? $"'{id}'" : $"\"{embedding.Text}\"")}, and {what} "
            + "of finite ones.",
        embedding.Id ?? embedding.Text,
        "Check the model; npy and npz hold what it gave, as float32 and float16.");

    /// <summary>Refuses a text whose rows would take too much memory.</summary>
    public static void CheckSize(long elements, string location)
    {
        if (elements > Limits.LargestEmbedding / sizeof(float))
            throw Invalid(
                location,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"one text would have {elements} elements, more than {Limits.LargestEmbedding} bytes of float32 (the limit "
                        + $"LargestEmbedding)."),
                "Cut the text into several.");
    }

    /// <summary>Opens a file that is read at any place.</summary>
    public static SafeFileHandle Open(string path) => Guard(path, () => File.OpenHandle(Regular(path)));

    /// <summary>The path of a file that was found beside others, not named by the user: a pipe there would be waited for.</summary>
    public static string Regular(string path) => Guard(path, () =>
    {
        RegularFile.Require(path);
        return path;
    });

    /// <summary>A read that meets a disk's or a compression's failure names the place.</summary>
    public static T Guard<T>(string location, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InputReader.Unreadable(location, error);
        }
        catch (EndOfStreamException)
        {
            throw CutOff(location);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            throw Invalid(location, $"it cannot be read: {error.Message.TrimEnd('.')}.", inner: error);
        }
    }
}
