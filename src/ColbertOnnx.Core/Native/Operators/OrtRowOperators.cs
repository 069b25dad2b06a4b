using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// Our operators, made known to ONNX Runtime once for the process and never taken back: a session may use them until the process ends.
/// Here is what they have in common; what each does stands with it.
/// </summary>
internal static unsafe class OrtRowOperators
{
    /// <summary>OrtCustomOpInputOutputCharacteristic.</summary>
    public const int Required = 0, Optional = 1;

    private static readonly Lazy<nint> Lazy = new(Make);

    /// <summary>OrtCustomOpDomain*.</summary>
    public static nint Domain => Lazy.Value;

    /// <summary>What an operator with three inputs that are required and others that are not says of each.</summary>
    public static delegate* unmanaged<OrtCustomOp*, nuint, int> FirstThree => &FirstThreeRequired;

    private static nint Make()
    {
        OrtLibrary library = OrtLibrary.Loaded;
        nint domain = library.CreateOperatorDomain(RowOperators.Domain);
        library.AddOperator(domain, Lasting(QuantizeRowsOperator.Describe()));
        library.AddOperator(domain, Lasting(ScaleRowsOperator.Describe()));
        library.AddOperator(domain, Lasting(GeluRowsOperator.Describe()));
        library.AddOperator(domain, Lasting(GateRowsOperator.Describe()));
        library.AddOperator(domain, Lasting(NormRowsOperator.Describe()));
        library.AddOperator(domain, Lasting(AttentionRowsOperator.Describe()));
        return domain;
    }

    /// <summary>
    /// What the library asks and gets the same answer to from each: the CPU's, every version, outputs required, nothing in place.
    /// </summary>
    public static OrtCustomOp Common() => new()
    {
        Version = OrtLibrary.ApiVersion,
        GetExecutionProviderType = &Processor,
        GetInputType = &Float,
        GetOutputType = &Float,
        GetInputCharacteristic = &AllRequired,
        GetOutputCharacteristic = &AllRequired,
        GetInputMemoryType = &DefaultMemory,
        GetVariadicInputMinArity = &One,
        GetVariadicInputHomogeneity = &One,
        GetVariadicOutputMinArity = &One,
        GetVariadicOutputHomogeneity = &One,
        GetStartVersion = &One,
        GetEndVersion = &Latest,
        GetMayInplace = &Nothing,
        ReleaseMayInplace = &Free,
        GetAliasMap = &Nothing,
        ReleaseAliasMap = &Free,
        KernelDestroy = &Destroy,
    };

    /// <summary>A text of the program itself, which stays where it is.</summary>
    public static byte* Text(ReadOnlySpan<byte> literal) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(literal));

    /// <summary>
    /// Runs the body of a function that the library calls: no exception may cross it, which would end the process. One becomes a status.
    /// </summary>
    public static nint Guard(delegate*<void*, nint, nint> body, void* kernel, nint given)
    {
        try
        {
            return body(kernel, given);
        }
        catch (Exception e)
        {
            return Failed(e);
        }
    }

    /// <summary>Runs an operator with the widest vectors that this CPU has.</summary>
    public static nint Guard<T>(void* kernel, nint context)
        where T : IRowOperator => Guard(&Widest<T>, kernel, context);

    private static nint Widest<T>(void* kernel, nint context)
        where T : IRowOperator => Vector512.IsHardwareAccelerated ? T.Run<Simd512, Vector512<float>>(kernel, context)
        : Vector256.IsHardwareAccelerated ? T.Run<Simd256, Vector256<float>>(kernel, context)
        : T.Run<Simd128, Vector128<float>>(kernel, context);

    /// <summary>The status of a call that an exception ended.</summary>
    internal static nint Failed(Exception e)
    {
        try
        {
            if (e is not OutOfMemoryException)
                return OrtLibrary.Loaded.Refuse(NativeText.Name($"{e.GetType().Name} in an operator of ColbertOnnx: {e.Message}"));
        }
        catch (OutOfMemoryException)
        {
        }

        return OrtLibrary.Loaded.Refuse("An operator of ColbertOnnx ran out of memory (bad_alloc).\0"u8);
    }

    private static OrtCustomOp* Lasting(OrtCustomOp op)
    {
        var memory = (OrtCustomOp*)NativeMemory.Alloc((nuint)sizeof(OrtCustomOp));
        *memory = op;
        return memory;
    }

    [UnmanagedCallersOnly]
    private static byte* Processor(OrtCustomOp* op) => null;

    [UnmanagedCallersOnly]
    private static int Float(OrtCustomOp* op, nuint index) => (int)OrtElementType.Float;

    [UnmanagedCallersOnly]
    private static int AllRequired(OrtCustomOp* op, nuint index) => Required;

    [UnmanagedCallersOnly]
    private static int FirstThreeRequired(OrtCustomOp* op, nuint index) => index < 3 ? Required : Optional;

    [UnmanagedCallersOnly]
    private static int DefaultMemory(OrtCustomOp* op, nuint index) => 0;

    [UnmanagedCallersOnly]
    private static int One(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    private static int Latest(OrtCustomOp* op) => int.MaxValue;

    [UnmanagedCallersOnly]
    private static nuint Nothing(int** inputs, int** outputs)
    {
        *inputs = *outputs = null;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static void Free(int* inputs, int* outputs)
    {
        NativeMemory.Free(inputs);
        NativeMemory.Free(outputs);
    }

    [UnmanagedCallersOnly]
    private static void Destroy(void* kernel) => NativeMemory.Free(kernel);
}
