namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>The cosine transform of a block of 8 by 8 (ITU-T T.81, A.3.3).</summary>
internal static class JpegDct
{
    private const int Side = 8;

    private static readonly float[] Basis = CreateBasis();

    public static void Forward(Span<float> block) => Transform(block, static (frequency, position) => Basis[(frequency * Side) + position]);

    public static void Inverse(Span<float> block) => Transform(block, static (position, frequency) => Basis[(frequency * Side) + position]);

    private static void Transform(Span<float> block, Func<int, int, float> weight)
    {
        Span<float> rows = stackalloc float[JpegTables.BlockSize];
        for (int y = 0; y < Side; y++)
        {
            for (int to = 0; to < Side; to++)
            {
                float sum = 0;
                for (int from = 0; from < Side; from++)
                {
                    sum += weight(to, from) * block[(y * Side) + from];
                }

                rows[(y * Side) + to] = sum;
            }
        }

        for (int x = 0; x < Side; x++)
        {
            for (int to = 0; to < Side; to++)
            {
                float sum = 0;
                for (int from = 0; from < Side; from++)
                {
                    sum += weight(to, from) * rows[(from * Side) + x];
                }

                block[(to * Side) + x] = sum;
            }
        }
    }

    private static float[] CreateBasis()
    {
        float[] basis = new float[JpegTables.BlockSize];
        for (int frequency = 0; frequency < Side; frequency++)
        {
            double norm = Math.Sqrt((frequency == 0 ? 1.0 : 2.0) / Side);
            for (int position = 0; position < Side; position++)
            {
                basis[(frequency * Side) + position] = (float)(norm * Math.Cos((position + .5) * frequency * Math.PI / Side));
            }
        }

        return basis;
    }
}
