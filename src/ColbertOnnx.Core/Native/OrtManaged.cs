using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using ColbertOnnx.Native.Operators;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Native;

/// <summary>
/// Where Microsoft's managed API and what it lacks meet: its library, our operators, the execution providers assigned to nodes, and codes
/// of errors.
/// </summary>
internal static class OrtManaged
{
    private const string Assembly = "Microsoft.ML.OnnxRuntime";
    private const string Prefix = "[ErrorCode:";
    private const string Kept = "A trimmed program keeps what the dependencies name.";

    /// <summary>Somebody has made its environment, and with that made it load its library.</summary>
    public static bool IsInUse => OrtEnv.IsCreated;

    /// <summary>
    /// The managed API's release, which is the least of the library. Nothing of it runs yet: where a type of it fails, it fails until the
    /// process ends.
    /// </summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.NativeLibraryNotFound"/>: it is not there, or a part of the process has
    /// loaded an older one.</exception>
    public static Version CheckRelease()
    {
        Version wanted = BuiltWith();
        try
        {
            // A load context of somebody else's may give an older one without a word.
            return Release() is var release && release >= wanted ? release : throw TooOld(release, wanted, null);
        }
        catch (Exception e) when (e is FileLoadException or FileNotFoundException or BadImageFormatException or TypeLoadException)
        {
            Version? other = AssemblyLoadContext.GetLoadContext(typeof(OrtManaged).Assembly)?.Assemblies
                .Select(assembly => assembly.GetName()).FirstOrDefault(name => name.Name == Assembly)?.Version;
            throw other is not null ? TooOld(other, wanted, e) : new ColbertException(
                ColbertErrorId.NativeLibraryNotFound,
                $"{Assembly}.dll {wanted.ToString(2)}, ONNX Runtime's API for .NET, could not be loaded: {e.Message}", Assembly,
                "Install the package again.", e);
        }
    }

    /// <summary>
    /// Lets the managed API use the library that was found, whatever lies on the search path: its own way asks the system by name first.
    /// False: another part of the process has set already where its library is.
    /// </summary>
    public static bool Attach(nint library)
    {
        OrtEnv.DisableDllImportResolver = true;
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(InferenceSession).Assembly, (name, _, _) => name == "onnxruntime" ? library : 0);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The two functions of OrtApiBase of the library that the managed API has loaded; it keeps them to itself.</summary>
    [DynamicDependency("OrtGetApiBase", Assembly + ".NativeMethods", Assembly)]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, Assembly + ".OrtApiBase", Assembly)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Kept)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Kept)]
    public static (nint GetApi, nint GetVersion) ApiBase()
    {
        _ = OrtEnv.Instance();
        Type native = typeof(InferenceSession).Assembly.GetType("Microsoft.ML.OnnxRuntime.NativeMethods", throwOnError: true)!;
        object found = native.GetMethod("OrtGetApiBase", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.Invoke(
            null, null)!;
        return (Field("GetApi"), Field("GetVersionString"));

        nint Field(string name) => (nint)found.GetType().GetField(name)!.GetValue(found)!;
    }

    /// <summary>Makes our operators known to a session.</summary>
    public static void AddOperators(SessionOptions options)
    {
        OrtLibrary.Loaded.AddOperators(options.DangerousGetHandle(), OrtRowOperators.Domain);
        GC.KeepAlive(options);
    }

    /// <summary>The execution providers assigned to nodes: the managed API does not report them.</summary>
    public static OrtAssignedNodes[] GetAssignment(InferenceSession session)
    {
        OrtAssignedNodes[] nodes = OrtLibrary.Loaded.GetAssignment(HandleOf(session));
        GC.KeepAlive(session);
        return nodes;
    }

    /// <summary>The exception with its code, which the managed API has only as words: "[ErrorCode:NoSuchFile] ...".</summary>
    public static OrtException Coded(Exception e)
    {
        string message = e.Message;
        int end = message.StartsWith(Prefix, StringComparison.Ordinal) ? message.IndexOf(']', StringComparison.Ordinal) : -1;
        if (end < 0) return new OrtException(OrtErrorCode.Fail, message);
        OrtErrorCode code = Enum.TryParse(message.AsSpan(Prefix.Length, end - Prefix.Length), out OrtErrorCode known)
            ? known
            : OrtErrorCode.Fail;
        return new OrtException(code, message[(end + 1)..].TrimStart());
    }

    // Written by the build; a trimmed program does not know what an assembly refers to.
    private static Version BuiltWith() =>
        Version.Parse(typeof(OrtManaged).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(pair => pair.Key == "OnnxRuntimeVersion").Value!);

    private static ColbertException TooOld(Version other, Version wanted, Exception? inner) => new(
        ColbertErrorId.NativeLibraryNotFound,
        $"Another part of this process has loaded {Assembly} {other}; {wanted.ToString(2)} or later is needed.", Assembly,
        $"Let that part use {Assembly} {wanted.ToString(2)} or later, or use another process.", inner);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Version Release() => typeof(InferenceSession).Assembly.GetName().Version!;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nativeHandle")]
    private static extern ref nint HandleOf(InferenceSession session);
}
