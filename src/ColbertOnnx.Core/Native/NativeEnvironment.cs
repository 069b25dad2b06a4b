using System.Runtime.InteropServices;

namespace ColbertOnnx.Native;

/// <summary>The environment as native code reads it: outside Windows .NET changes a copy of its own, which no library sees.</summary>
internal static unsafe class NativeEnvironment
{
    /// <summary>
    /// int setenv(const char* name, const char* value, int overwrite); on Windows int _putenv_s(const char*, const char*) as well, for the
    /// C library keeps a copy there.
    /// </summary>
    public static void Set(string name, string value)
    {
        fixed (byte* nameText = NativeText.Name(name), valueText = NativeText.Name(value))
        {
            if (!OperatingSystem.IsWindows())
            {
                nint set = NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "setenv");
                _ = ((delegate* unmanaged<byte*, byte*, int, int>)set)(nameText, valueText, 1);
                return;
            }

            Environment.SetEnvironmentVariable(name, value);
            nint library = NativeLibrary.Load("ucrtbase.dll", typeof(NativeEnvironment).Assembly, DllImportSearchPath.System32);
            _ = ((delegate* unmanaged<byte*, byte*, int>)NativeLibrary.GetExport(library, "_putenv_s"))(nameText, valueText);
        }
    }
}
