namespace DiffusionSharp.Noise;

/// <summary>A stream of standard normal values. Sequential by nature, so not thread-safe: one source per image. Its state is where in the stream it is.</summary>
public interface INoiseSource : IStateful
{
    /// <summary>Fills the destination with the next values of the stream, independent and normal with mean 0 and variance 1.</summary>
    /// <param name="destination">
    /// The values of one image <c>[C, H, W]</c>, row-major. One call is one draw: some streams, PyTorch's among them, give other values
    /// when the same count is drawn in several calls.
    /// </param>
    void Fill(Span<float> destination);

    /// <summary>
    /// Fills the destination with the noise that a stochastic sampler adds between two noise levels: standard normal too. Sources that
    /// follow a Brownian path W give <c>(W(to) - W(from)) / sqrt(|to - from|)</c>, the same for the same two levels; all others just draw.
    /// </summary>
    /// <param name="from">The noise level σ, standard deviation over signal, where the step begins; at least 0.</param>
    /// <param name="to">The noise level where it ends.</param>
    /// <param name="destination">The values of one image.</param>
    void FillBetween(double from, double to, Span<float> destination) => Fill(destination);
}
