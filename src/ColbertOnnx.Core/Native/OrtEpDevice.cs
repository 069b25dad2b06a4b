namespace ColbertOnnx.Native;

/// <summary>A device that an execution provider can use, as OrtEpDevice tells it. The library owns the object behind it as long as the provider is registered.</summary>
/// <param name="Pointer">const OrtEpDevice*.</param>
/// <param name="Provider">The provider in ONNX Runtime's words.</param>
/// <param name="Metadata">What the provider says of itself, such as its version.</param>
/// <param name="Hardware">What the system says of the device, such as its description.</param>
internal sealed record OrtEpDevice(
    nint Pointer, string Provider, string ProviderVendor, IReadOnlyDictionary<string, string> Metadata, OrtDeviceKind Kind, string Vendor, IReadOnlyDictionary<string, string> Hardware);
