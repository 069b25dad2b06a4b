using System.Runtime.InteropServices;
using System.Text;

namespace ColbertOnnx.Native;

/// <summary>Strings as C takes them: UTF-8, zero at the end.</summary>
internal static class NativeText
{
    public static byte[] Name(string text) => Encoding.UTF8.GetBytes(text + '\0');

    public static string Read(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";
}
