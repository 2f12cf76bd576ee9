using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp.Files;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace DiffusionSharp.ImageSharp;

/// <summary>Turns pictures into masks of 0 and 1.</summary>
internal sealed class MaskReader
{
    private readonly Size _size;
    private readonly float _threshold;
    private readonly MaskChannel _channel;

    public MaskReader(int width, int height, float threshold, MaskChannel channel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (!(threshold is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold must be in (0, 1].");
        }

        if (!Enum.IsDefined(channel))
        {
            throw new ArgumentOutOfRangeException(nameof(channel), channel, $"The channel must be one of {string.Join(", ", Enum.GetNames<MaskChannel>())}.");
        }

        _size = new Size(width, height);
        _threshold = threshold;
        _channel = channel;
    }

    public Tensor<float> Read(PictureFile file, ImageLimits limits, CancellationToken cancellationToken = default)
    {
        using Image<Rgba32> image = file.Decode(limits, fit: null, cancellationToken);
        if (_channel == MaskChannel.Brightness)
        {
            image.Mutate(picture => picture.BackgroundColor(Color.Black));
        }

        // No resampler that rings: it would put spots beside sharp edges.
        image.FitTo(_size, KnownResamplers.Box);
        var mask = new float[checked(_size.Width * _size.Height)];
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                Span<Rgba32> row = rows.GetRowSpan(y);
                for (int x = 0; x < row.Length; x++)
                {
                    mask[(y * row.Length) + x] = Value(row[x]) / 255f >= _threshold ? 1 : 0;
                }
            }
        });
        return Tensor.Create(mask, [1, 1, _size.Height, _size.Width]);
    }

    private int Value(Rgba32 pixel) => _channel switch
    {
        MaskChannel.Opacity => pixel.A,
        MaskChannel.Transparency => 255 - pixel.A,

        // ITU-R BT.601 in 16 bits, as PIL converts to "L" for diffusers.
        _ => ((19595 * pixel.R) + (38470 * pixel.G) + (7471 * pixel.B) + 0x8000) >> 16,
    };
}
