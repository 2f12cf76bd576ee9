using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Samples as they are, <c>[B, C, H, W]</c>, perhaps with further channels behind them that are conditions.</summary>
internal sealed class PlanesFormat : SampleFormat
{
    public override int Rank => 4;

    public override int ChannelDimension => 1;

    public override bool IsPlain => true;

    public override long[] Shape(SampleShape shape, int channels) => [shape.Batch, channels, shape.Height, shape.Width];

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
