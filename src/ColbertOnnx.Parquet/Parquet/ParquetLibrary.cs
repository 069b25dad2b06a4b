using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ColbertOnnx.Inputs;
using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>
/// ParquetSharp's native library for a program that was compiled ahead of time: nothing loads the add-on there, so nothing else says where
/// it lies.
/// </summary>
internal static class ParquetLibrary
{
    private static readonly Lock Gate = new();
    private static bool isLookedFor;

    /// <summary>Makes ParquetSharp look where the add-on lies.</summary>
    public static void LookInAddOn()
    {
        if (RuntimeFeature.IsDynamicCodeSupported) return;
        lock (Gate)
        {
            if (!isLookedFor) NativeLibrary.SetDllImportResolver(typeof(ReaderProperties).Assembly, (name, _, _) => Load(name));
            isLookedFor = true;
        }
    }

    /// <exception cref="DllNotFoundException">It is in none of the folders.</exception>
    private static nint Load(string name)
    {
        string path = ParquetAddOn.FoldersOfThisVersion().Select(folder => ParquetAddOn.LibraryIn(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException(
                $"There is no '{Path.GetFileName(ParquetAddOn.LibraryIn("", name))}' where the add-on could be.");
        return NativeLibrary.Load(path);
    }
}
