using System.Runtime.InteropServices;
using System.Text;

namespace ColbertOnnx.Native;

/// <summary>Strings as ONNX Runtime takes them, zero at the end: names in UTF-8, paths in UTF-16 on Windows and in UTF-8 elsewhere.</summary>
internal static class NativeText
{
    public static byte[] Name(string text) => Encoding.UTF8.GetBytes(text + '\0');

    public static byte[] Path(string path) => Path(path, OperatingSystem.IsWindows());

    internal static byte[] Path(string path, bool windows) => windows ? Encoding.Unicode.GetBytes(path + '\0') : Name(path);

    public static string Read(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";
}
