using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// Squares of 2 by 2 latents as tokens, <c>[B, H/2·W/2, 4·C]</c>, as Flux takes them: channel by channel, row by row. The places of the tokens, in image and text, are
/// inputs, too, and timesteps are in [0, 1].
/// </summary>
internal sealed class PackedFormat(OnnxTensorInfo? imageIds, OnnxTensorInfo? textIds) : SampleFormat
{
    public const string ImageIds = "img_ids";
    public const string TextIds = "txt_ids";

    private const int Side = 2;
    private const int Axes = 3;

    public override int Rank => 3;

    public override int ChannelsPerSample => Side * Side;

    public override int ChannelDimension => 2;

    public override int SizeMultiple => Side;

    public override double TimestepScale => 1e-3;

    public override long[] Shape(SampleShape shape, int channels) => [shape.Batch, shape.Height / Side * (shape.Width / Side), channels * ChannelsPerSample];

    public override Conditioning Complete(SampleShape shape, Conditioning conditioning)
    {
        (int rows, int columns) = (shape.Height / Side, shape.Width / Side);
        float[] places = [.. Enumerable.Range(0, rows * columns).SelectMany(token => (float[])[0, token / columns, token % columns])];
        int batch = conditioning[ConditionNames.Context] is { Values.Rank: 3 } context ? (int)context.Values.Lengths[0] : shape.Batch;
        conditioning = imageIds is null ? conditioning : conditioning.With(Part(imageIds, places, batch));
        return textIds is null || conditioning[ConditionNames.Context] is not { Values: { Rank: 3 } text } ? conditioning : conditioning.With(Part(textIds, new float[text.Lengths[1] * Axes], batch));
    }

    public override void Write(SampleShape shape, ReadOnlySpan<float> sample, Span<float> input)
    {
        for (int line = 0; line < shape.Batch * shape.Channels * shape.Height; line++)
        {
            ReadOnlySpan<float> source = sample.Slice(line * shape.Width, shape.Width);
            int start = StartOf(shape, line, out int stride);
            for (int x = 0; x < source.Length; x++)
            {
                input[start + (x / Side * stride) + (x % Side)] = source[x];
            }
        }
    }

    public override void Read(SampleShape shape, ReadOnlySpan<float> output, Span<float> prediction)
    {
        for (int line = 0; line < shape.Batch * shape.Channels * shape.Height; line++)
        {
            Span<float> destination = prediction.Slice(line * shape.Width, shape.Width);
            int start = StartOf(shape, line, out int stride);
            for (int x = 0; x < destination.Length; x++)
            {
                destination[x] = output[start + (x / Side * stride) + (x % Side)];
            }
        }
    }

    // Where the first value of a line of a plane lies, and how far apart the tokens are.
    private static int StartOf(SampleShape shape, int line, out int stride)
    {
        stride = shape.Channels * Side * Side;
        (int plane, int y) = Math.DivRem(line, shape.Height);
        (int picture, int channel) = Math.DivRem(plane, shape.Channels);
        int token = (picture * (shape.Height / Side) * (shape.Width / Side)) + (y / Side * (shape.Width / Side));
        return (token * stride) + (channel * Side * Side) + (y % Side * Side);
    }

    // Older exports have the ids of each picture.
    private static ConditionPart Part(OnnxTensorInfo input, float[] ids, int batch) => input.Rank == 2
        ? new ConditionPart(input.Name, Tensor.Create(ids, [ids.Length / Axes, Axes])) { IsShared = true }
        : new ConditionPart(input.Name, Tensor.Create([.. Enumerable.Repeat(ids, batch).SelectMany(row => row)], [batch, ids.Length / Axes, Axes]));
}
