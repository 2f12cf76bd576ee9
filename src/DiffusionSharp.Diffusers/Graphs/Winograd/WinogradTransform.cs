using System.Runtime.InteropServices;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>Computes G·g·Gᵀ of all 3x3 filters g of a convolution, in double.</summary>
/// <param name="weight">The filters, <c>[K, C, 3, 3]</c>.</param>
/// <param name="form">Whose G.</param>
internal sealed class WinogradTransform(StoredTensor weight, WinogradForm form)
{
    private const int Taps = WinogradForm.Taps;

    private readonly int _channels = (int)weight.Shape[0];
    private readonly int _inChannels = (int)weight.Shape[1];

    /// <summary>Writes them as float32, <c>[points², C, K]</c>, a row of points at a time, so that memory for all of them is not needed.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Write(Stream stream, CancellationToken cancellationToken)
    {
        float[] filters = weight.ReadFloats();
        var options = new ParallelOptions { CancellationToken = cancellationToken };
        var row = new float[(long)form.Points * _inChannels * _channels];
        for (int point = 0; point < form.Points; point++)
        {
            double[] left = [form.G[point, 0], form.G[point, 1], form.G[point, 2]];
            Parallel.For(0, _inChannels, options, input => Transform(filters, left, input, row));
            stream.Write(MemoryMarshal.AsBytes<float>(row));
        }
    }

    // For one row of points and one input channel: (a row of G)·g, and that times Gᵀ.
    private void Transform(float[] filters, double[] left, int input, float[] row)
    {
        Span<double> within = stackalloc double[Taps];
        for (int output = 0; output < _channels; output++)
        {
            ReadOnlySpan<float> filter = filters.AsSpan(((output * _inChannels) + input) * Taps * Taps, Taps * Taps);
            for (int column = 0; column < Taps; column++)
            {
                within[column] = (left[0] * filter[column]) + (left[1] * filter[Taps + column]) + (left[2] * filter[(2 * Taps) + column]);
            }

            for (int point = 0; point < form.Points; point++)
            {
                double sum = (within[0] * form.G[point, 0]) + (within[1] * form.G[point, 1]) + (within[2] * form.G[point, 2]);
                row[(((point * _inChannels) + input) * _channels) + output] = (float)sum;
            }
        }
    }
}
