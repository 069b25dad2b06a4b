namespace ColbertOnnx.Native;

/// <summary>
/// A device that an execution provider can use, as the managed API reports it; its own type cannot be made by tests of machines that
/// are not at hand.
/// </summary>
/// <param name="Provider">The provider in ONNX Runtime's words.</param>
/// <param name="Metadata">What the provider says of itself, such as its version.</param>
/// <param name="Hardware">What the system says of the device, such as its description.</param>
internal sealed record OrtEpDevice(
    string Provider, string ProviderVendor, IReadOnlyDictionary<string, string> Metadata, OrtDeviceKind Kind, string Vendor,
    IReadOnlyDictionary<string, string> Hardware);
