using System.Numerics;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

/// <summary>Resizes along x, then along y, on colors multiplied by their alpha, so that what is transparent does not bleed.</summary>
internal sealed class ResizeOperation(ResizeOptions options) : IPixelOperation
{
    public void Apply<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ResizeLayout layout = ResizeLayout.Create(image.Size, options);
        Rectangle visible = Rectangle.Intersect(layout.Target, new Rectangle(default, layout.Size));
        ResizeKernel[] columns = ResizeKernel.Create(options.Sampler, image.Width, layout.Target.Width);
        ResizeKernel[] rows = ResizeKernel.Create(options.Sampler, image.Height, layout.Target.Height);

        Vector4[][] narrowed = new Vector4[image.Height][];
        for (int y = 0; y < image.Height; y++)
        {
            narrowed[y] = Narrow(Premultiply(image.Row(y)), columns, visible.X - layout.Target.X, visible.Width);
        }

        var resized = new Image<TPixel>(layout.Size.Width, layout.Size.Height, options.PadColor.ToPixel<TPixel>());
        for (int y = visible.Top; y < visible.Bottom; y++)
        {
            ResizeKernel kernel = rows[y - layout.Target.Y];
            Span<TPixel> row = resized.Row(y).Slice(visible.X, visible.Width);
            for (int x = 0; x < row.Length; x++)
            {
                Vector4 sum = Vector4.Zero;
                for (int i = 0; i < kernel.Weights.Length; i++)
                {
                    sum += narrowed[kernel.First + i][x] * kernel.Weights[i];
                }

                row[x].FromScaledVector4(Unpremultiply(sum));
            }
        }

        image.Replace(resized);
    }

    private static Vector4[] Narrow(Vector4[] row, ResizeKernel[] columns, int skip, int width)
    {
        var narrowed = new Vector4[width];
        for (int x = 0; x < width; x++)
        {
            ResizeKernel kernel = columns[skip + x];
            for (int i = 0; i < kernel.Weights.Length; i++)
            {
                narrowed[x] += row[kernel.First + i] * kernel.Weights[i];
            }
        }

        return narrowed;
    }

    private static Vector4[] Premultiply<TPixel>(ReadOnlySpan<TPixel> pixels)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var vectors = new Vector4[pixels.Length];
        for (int x = 0; x < pixels.Length; x++)
        {
            Vector4 vector = pixels[x].ToScaledVector4();
            vectors[x] = new Vector4(vector.AsVector3() * vector.W, vector.W);
        }

        return vectors;
    }

    private static Vector4 Unpremultiply(Vector4 vector) =>
        vector.W == 0 ? vector : new Vector4(vector.AsVector3() / vector.W, vector.W);
}
