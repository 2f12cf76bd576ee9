using System.Numerics.Tensors;

namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>What the fixtures' autoencoders compute, here in double.</summary>
internal static class PictureFormula
{
    /// <summary>z[0:3]/4 - z[3]/2 + 1/8, each value a square, with z = x/scale + shift.</summary>
    public static double[] Decode(ReadOnlySpan<float> latents, int height, int width, int factor, double scale, double shift)
    {
        int channel = height * width;
        int batch = latents.Length / (4 * channel);
        var picture = new double[batch * 3 * channel * factor * factor];
        int i = 0;
        for (int image = 0; image < batch; image++)
        {
            for (int colour = 0; colour < 3; colour++)
            {
                for (int y = 0; y < height * factor; y++)
                {
                    for (int x = 0; x < width * factor; x++)
                    {
                        int inChannel = (image * 4 * channel) + (y / factor * width) + (x / factor);
                        double own = (latents[inChannel + (colour * channel)] / scale) + shift;
                        double last = (latents[inChannel + (3 * channel)] / scale) + shift;
                        picture[i++] = (own / 4) - (last / 2) + 0.125;
                    }
                }
            }
        }

        return picture;
    }

    /// <summary>The mean colour of every square of a picture [1, 3, H, W], and as fourth channel the sum of the three; neither shifted nor scaled.</summary>
    public static double[] EncodeMean(Tensor<float> picture, int factor)
    {
        ReadOnlySpan<float> pixels = picture.Values();
        int width = (int)picture.Lengths[3];
        int plane = (int)picture.Lengths[2] * width;
        int latentWidth = width / factor;
        int channel = plane / (factor * factor);
        var mean = new double[4 * channel];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int colour, int inPlane) = Math.DivRem(i, plane);
            int square = (inPlane / width / factor * latentWidth) + (inPlane % width / factor);
            mean[(colour * channel) + square] += pixels[i] / (double)(factor * factor);
            mean[(3 * channel) + square] += pixels[i] / (double)(factor * factor);
        }

        return mean;
    }
}
