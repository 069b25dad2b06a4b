using System.Buffers;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// ScaleRows(x, scales, bias or none, other or none, sums or none) gives float [rows, columns]: <see cref="ScaledRows"/>.
/// </summary>
internal readonly unsafe struct ScaleRowsOperator : IRowOperator
{
    public static OrtCustomOp Describe() => OrtRowOperators.Common() with
    {
        GetName = &Name,
        GetInputTypeCount = &Inputs,
        GetOutputTypeCount = &Outputs,
        GetInputCharacteristic = &FirstTwoRequired,
        GetMayInplace = &FirstInPlace,
        CreateKernelV2 = &Create,
        KernelComputeV2 = &Compute,
    };

    [UnmanagedCallersOnly]
    private static byte* Name(OrtCustomOp* op) => OrtRowOperators.Text("ScaleRows\0"u8);

    [UnmanagedCallersOnly]
    private static nuint Inputs(OrtCustomOp* op) => 5;

    [UnmanagedCallersOnly]
    private static nuint Outputs(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    private static int FirstTwoRequired(OrtCustomOp* op, nuint index) => index < 2 ? OrtRowOperators.Required : OrtRowOperators.Optional;

    // The result may take the memory of the first input.
    [UnmanagedCallersOnly]
    private static nuint FirstInPlace(int** inputs, int** outputs)
    {
        *inputs = *outputs = null;
        try
        {
            *inputs = (int*)NativeMemory.AllocZeroed(sizeof(int));
            *outputs = (int*)NativeMemory.AllocZeroed(sizeof(int));
            return 1;
        }
        catch (OutOfMemoryException)
        {
            NativeMemory.Free(*inputs);
            *inputs = null;
            return 0; // it goes without
        }
    }

    // It has no attributes, and the library wants something to give back.
    [UnmanagedCallersOnly]
    private static nint Create(OrtCustomOp* op, nint api, nint info, void** kernel) => OrtRowOperators.Guard(&Make, kernel, info);

    private static nint Make(void* kernel, nint info)
    {
        *(void**)kernel = NativeMemory.Alloc(1);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint Compute(void* kernel, nint context) => OrtRowOperators.Guard<ScaleRowsOperator>(kernel, context);

    public static nint Run<S, V>(void* kernel, nint context)
        where S : struct, ISimd<V>
        where V : struct
    {
        OrtLibrary library = OrtLibrary.Loaded;
        nint status = ScaledRows.Read(
            library, context, 2, stackalloc long[OrtLibrary.LargestRank],
            "ScaleRows wants a scale for each row, a bias for each column, and other rows as long and as many.\0"u8, out ScaledRows x);
        if (status != 0) return status;
        if ((status = library.GetOutput(context, 0, x.Dimensions, out OrtMatrix result)) != 0) return status;
        if (!x.HasSums)
        {
            for (int i = 0; i < result.Rows; i++) RowKernels.Scale(x.Row(i), x.Scale(i), x.Bias, x.Other(i), result.Row<float>(i));
            return 0;
        }

        float[] rented = ArrayPool<float>.Shared.Rent(x.Columns);
        Span<float> zeros = rented.AsSpan(0, x.Columns);
        zeros.Clear();
        for (int i = 0; i < result.Rows; i++)
            ScaleKernel<S, V>.Run(
                x.Row(i), x.Scale(i), ScaledRows.Or(x.Bias, zeros), x.Shift(i), x.Sums, ScaledRows.Or(x.Other(i), zeros),
                result.Row<float>(i));
        ArrayPool<float>.Shared.Return(rented);
        return 0;
    }
}
