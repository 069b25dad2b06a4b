using System.Buffers;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// GeluRows(x float [rows, columns], scales [rows, 1], bias [columns]) gives bytes u8 [rows, columns] and their scales float [rows, 1].
/// </summary>
internal readonly unsafe struct GeluRowsOperator : IRowOperator
{
    public static OrtCustomOp Describe() => QuantizeRowsOperator.Describe() with
    {
        GetName = &Name,
        GetInputTypeCount = &Inputs,
        KernelComputeV2 = &Compute,
    };

    [UnmanagedCallersOnly]
    private static byte* Name(OrtCustomOp* op) => OrtRowOperators.Text("GeluRows\0"u8);

    [UnmanagedCallersOnly]
    private static nuint Inputs(OrtCustomOp* op) => 3;

    [UnmanagedCallersOnly]
    private static nint Compute(void* kernel, nint context) => OrtRowOperators.Guard<GeluRowsOperator>(kernel, context);

    public static nint Run<S, V>(void* kernel, nint context)
        where S : struct, ISimd<V>
        where V : struct
    {
        OrtLibrary library = OrtLibrary.Loaded;
        nint status = library.GetInput(context, 0, out OrtMatrix values);
        if (status != 0) return status;
        if ((status = library.GetInput(context, 1, out OrtMatrix scales)) != 0) return status;
        if ((status = library.GetInput(context, 2, out OrtMatrix bias)) != 0) return status;
        if (scales.Count != values.Rows || bias.Count != values.Columns)
            return library.Refuse("GeluRows wants a scale for each row and a bias for each column.\0"u8);
        if ((status = library.GetOutput(context, 0, values.Rows, values.Columns, out OrtMatrix bytes)) != 0) return status;
        if ((status = library.GetOutput(context, 1, values.Rows, 1, out OrtMatrix newScales)) != 0) return status;
        ReadOnlySpan<float> eachScale = scales.All<float>(), columns = bias.All<float>();
        Span<float> eachNewScale = newScales.All<float>();
        float[] rented = ArrayPool<float>.Shared.Rent(values.Columns);
        Span<float> row = rented.AsSpan(0, values.Columns);
        ref readonly RowQuantization how = ref *(RowQuantization*)kernel;
        for (int i = 0; i < values.Rows; i++)
            eachNewScale[i] = GeluKernel<S, V>.Run(values.Row<float>(i), eachScale[i], columns, in how, row, bytes.Row<byte>(i));
        ArrayPool<float>.Shared.Return(rented);
        return 0;
    }
}
