using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native;

/// <summary>An input or output of a graph. Open dimensions are -1.</summary>
internal sealed record OrtTensorInfo(string Name, OrtElementType ElementType, long[] Dimensions)
{
    // On the pinned heap: every call passes the address.
    private readonly byte[] nativeName = Pinned(NativeText.Name(Name));

    /// <summary>The name as the library takes it; valid as long as this object is.</summary>
    internal unsafe byte* NativeName => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(nativeName));

    private static byte[] Pinned(byte[] bytes)
    {
        byte[] pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned, 0);
        return pinned;
    }
}
