using System.Runtime.InteropServices;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// QuantizeRows(x float [rows, columns]) gives bytes u8 [rows, columns] and scales float [rows, 1]; where each row has a zero point of its
/// own, [rows, 2]: its scale and its shift.
/// </summary>
internal readonly unsafe struct QuantizeRowsOperator : IRowOperator
{
    public static OrtCustomOp Describe() => OrtRowOperators.Common() with
    {
        GetName = &Name,
        GetInputTypeCount = &Inputs,
        GetOutputTypeCount = &Outputs,
        GetOutputType = &OutputType,
        CreateKernelV2 = &Create,
        KernelComputeV2 = &Compute,
    };

    [UnmanagedCallersOnly]
    private static byte* Name(OrtCustomOp* op) => OrtRowOperators.Text("QuantizeRows\0"u8);

    [UnmanagedCallersOnly]
    private static nuint Inputs(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    private static nuint Outputs(OrtCustomOp* op) => 2;

    [UnmanagedCallersOnly]
    private static int OutputType(OrtCustomOp* op, nuint index) => (int)(index == 0 ? OrtElementType.UInt8 : OrtElementType.Float);

    // The node's attributes; the library gives the memory back through KernelDestroy.
    [UnmanagedCallersOnly]
    private static nint Create(OrtCustomOp* op, nint api, nint info, void** kernel) => OrtRowOperators.Guard(&Read, kernel, info);

    private static nint Read(void* kernel, nint info)
    {
        nint status = Read(info, out RowQuantization read);
        if (status != 0) return status;
        var how = (RowQuantization*)NativeMemory.Alloc((nuint)sizeof(RowQuantization));
        *how = read;
        *(RowQuantization**)kernel = how;
        return 0;
    }

    public static nint Read(nint info, out RowQuantization how)
    {
        how = default;
        OrtLibrary library = OrtLibrary.Loaded;
        nint status = library.GetAttribute(info, RowOperators.Symmetric, out long symmetric);
        if (status != 0) return status;
        if ((status = library.GetAttribute(info, RowOperators.Factor, out float factor)) != 0) return status;
        if ((status = library.GetAttribute(info, RowOperators.SmallestScale, out float smallest)) != 0) return status;
        if ((status = library.GetAttribute(info, RowOperators.ZeroPoint, out long zero)) != 0) return status;
        if ((status = library.GetAttribute(info, RowOperators.OwnZeroPoint, out long ownZeroPoint)) != 0) return status;
        how = new RowQuantization(symmetric != 0, factor, smallest, (byte)zero, ownZeroPoint != 0);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint Compute(void* kernel, nint context) => OrtRowOperators.Guard<QuantizeRowsOperator>(kernel, context);

    public static nint Run<S, V>(void* kernel, nint context)
        where S : struct, ISimd<V>
        where V : struct
    {
        ref readonly RowQuantization how = ref *(RowQuantization*)kernel;
        OrtLibrary library = OrtLibrary.Loaded;
        nint status = library.GetInput(context, 0, out OrtMatrix values);
        if (status != 0) return status;
        if ((status = library.GetOutput(context, 0, values.Rows, values.Columns, out OrtMatrix bytes)) != 0) return status;
        if ((status = library.GetOutput(context, 1, values.Rows, how.ScaleColumns, out OrtMatrix scales)) != 0) return status;
        Span<float> eachScale = scales.All<float>();
        for (int row = 0; row < values.Rows; row++)
        {
            if (how.HasOwnZeroPoint) RangeKernel<S, V>.Run(values.Row<float>(row), bytes.Row<byte>(row)).Store(scales.Row<float>(row));
            else eachScale[row] = RowKernels.Quantize(values.Row<float>(row), in how, bytes.Row<byte>(row));
        }

        return 0;
    }
}
