using System.Collections;
using System.Management.Automation;
using System.Runtime.InteropServices;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>
/// An embedding that PowerShell has written and read: it came from a job, another machine, or a file of Export-Clixml. It is a bag of
/// properties then, among them the vectors as bytes (ColbertOnnx.Types.ps1xml), of which the same embedding is made again. Never of its
/// text: another model may be at work here.
/// </summary>
internal static class ReturnedEmbedding
{
    private const string TypeName = "Deserialized.ColbertOnnx.ColbertEmbedding";

    public static bool Is(object? item) => item is PSObject returned && returned.TypeNames.Contains(TypeName);

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: its token vectors did not come with it.</exception>
    public static ColbertEmbedding Rebuild(object item)
    {
        var returned = (PSObject)item;
        string? text = Get(returned, "Text") as string;
        if (text is null || Get(returned, "ValueBytes") is not byte[] bytes || Get(returned, "Dimension") is not int dimension
            || Get(returned, "TokenCount") is not int count
            || !Enum.TryParse(returned.Properties["Kind"]?.Value?.ToString(), out TextKind kind) || dimension <= 0
            || bytes.Length != (long)count * dimension * sizeof(float))
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"The embedding of '{text}' came back from another session without its token vectors.",
                text,
                "Send it with this version of the module at both ends, or by Export-ColbertEmbedding and Import-ColbertEmbedding.");
        }

        var values = new float[count * dimension];
        bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return new ColbertEmbedding(kind, text, values, dimension)
        {
            Id = Get(returned, "Id") as string,
            ModelId = Get(returned, "ModelId") as string,
            Source = returned.Properties["Source"]?.Value,
            IsTruncated = Get(returned, "IsTruncated") is true,
            TokenIds = List(returned, "TokenIds", count, item => (int)Wrapped.Bare(item)!),
            Tokens = List(returned, "Tokens", count, item => (string)Wrapped.Bare(item)!),
            TokenOffsets = List(returned, "TokenOffsets", count, Offsets),
        };
    }

    private static object? Get(PSObject returned, string name) => Wrapped.Bare(returned.Properties[name]?.Value);

    private static T[]? List<T>(PSObject returned, string name, int count, Func<object?, T> read)
    {
        if (Get(returned, name) is not IList list || list.Count != count) return null;
        try
        {
            return [.. list.Cast<object?>().Select(item => read(item))];
        }
        catch (Exception error) when (error is InvalidCastException or NullReferenceException)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"The property '{name}' of an embedding that came back from another session is damaged.", null,
                "Make the embedding again.", error);
        }
    }

    private static (int Start, int End) Offsets(object? pair) =>
        ((int)Wrapped.Bare(Part(pair, "Item1"))!, (int)Wrapped.Bare(Part(pair, "Item2"))!);

    private static object? Part(object? pair, string name) => (pair as PSObject)?.Properties[name]?.Value;
}
