using System.Runtime.InteropServices;

namespace ColbertOnnx.Native;

/// <summary>An array of strings as the C API takes it, const char* const*; the memory is ours until disposing.</summary>
internal sealed class NativeTexts : IDisposable
{
    // Pinned: the library reads the pointers where they lie.
    private readonly nint[] texts;

    public NativeTexts(IReadOnlyCollection<string> values)
    {
        texts = GC.AllocateArray<nint>(Math.Max(values.Count, 1), pinned: true);
        int i = 0;
        foreach (string value in values) texts[i++] = Marshal.StringToCoTaskMemUTF8(value);
    }

    public nint Pointer => Marshal.UnsafeAddrOfPinnedArrayElement(texts, 0);

    public void Dispose()
    {
        for (int i = 0; i < texts.Length; i++)
        {
            Marshal.FreeCoTaskMem(texts[i]);
            texts[i] = 0;
        }
    }
}
