using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Samples as they are, <c>[B, C, H, W]</c>, perhaps with further channels behind them that are conditions; or vectors, <c>[B, C]</c> in the graph and <c>[B, C, 1, 1]</c> here.</summary>
internal sealed class PlanesFormat(int rank) : SampleFormat
{
    /// <summary>The rank of planes.</summary>
    public const int Usual = 4;

    public override int Rank => rank;

    public override int ChannelDimension => 1;

    public override bool IsPlain => true;

    public override long[] Shape(SampleShape shape, int channels) => rank == Usual ? [shape.Batch, channels, shape.Height, shape.Width] : [shape.Batch, channels];

    // The channels behind the sample stay as they were written.
    public override void Write(SampleShape shape, ReadOnlySpan<float> sample, Span<float> input)
    {
        int stride = input.Length / shape.Batch;
        for (int i = 0; i < shape.Batch; i++)
        {
            sample.Slice(i * shape.ImageLength, shape.ImageLength).CopyTo(input[(i * stride)..]);
        }
    }

    public override void Read(SampleShape shape, ReadOnlySpan<float> output, Span<float> prediction) => output.CopyTo(prediction);
}
