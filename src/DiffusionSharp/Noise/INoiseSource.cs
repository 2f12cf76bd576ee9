namespace DiffusionSharp.Noise;

/// <summary>A stream of standard normal values. Sequential by nature, so not thread-safe: one source per image.</summary>
public interface INoiseSource
{
    /// <summary>Fills the destination with the next values of the stream, independent and normal with mean 0 and variance 1.</summary>
    /// <param name="destination">
    /// The values of one image <c>[C, H, W]</c>, row-major. One call is one draw: some streams, PyTorch's among them, give other values
    /// when the same count is drawn in several calls.
    /// </param>
    void Fill(Span<float> destination);
}
