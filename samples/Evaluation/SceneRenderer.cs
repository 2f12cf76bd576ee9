namespace DiffusionSharp.Samples.Evaluation;

/// <summary>Draws scenes as training does (<c>training/data/dataset.py</c>), in the same float32 arithmetic.</summary>
internal sealed class SceneRenderer
{
    private const int Channels = 3;
    private const int Alpha = 3;

    private readonly EvaluationSet _set;
    private readonly NpyFile _full;
    private readonly NpyFile _small;

    /// <summary>Draws the emojis of a set.</summary>
    /// <param name="set">How scenes are laid out.</param>
    /// <param name="full">The emojis in all styles, <c>[N, styles, size, size, 4]</c>, colour premultiplied by alpha.</param>
    /// <param name="small">The small ones, <c>[N, small size, small size, 4]</c>.</param>
    /// <exception cref="InvalidDataException">The arrays have other shapes.</exception>
    public SceneRenderer(EvaluationSet set, NpyFile full, NpyFile small)
    {
        (_set, _full, _small) = (set, full, small);
        RequireShape(full, [full.Shape[0], set.Styles.Count, set.Size, set.Size, Channels + 1]);
        RequireShape(small, [full.Shape[0], set.SmallSize, set.SmallSize, Channels + 1]);
    }

    /// <summary>How many emojis there are.</summary>
    public int Count => _full.Shape[0];

    /// <summary>A picture as bytes, rounded half to even.</summary>
    public static byte[] ToBytes(ReadOnlySpan<float> pixels)
    {
        var bytes = new byte[pixels.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)MathF.Round((Math.Clamp(pixels[i], -1, 1) + 1) * 127.5f);
        }

        return bytes;
    }

    /// <summary>A scene as it should look, <c>[3, size, size]</c> in [-1, 1].</summary>
    public float[] Render(Scene scene)
    {
        var canvas = new float[Channels * _set.Size * _set.Size];
        Background background = _set.Backgrounds[scene.Background];
        for (int channel = 0; channel < Channels; channel++)
        {
            Array.Fill(canvas, background.Rgb[channel], channel * _set.Size * _set.Size, _set.Size * _set.Size);
        }

        if (scene.Second is { } second)
        {
            int[][] places = _set.PairPlaces[scene.Relation!];
            Paste(canvas, Small(scene.First), places[0], ink: 0);
            Paste(canvas, Small(second), places[1], ink: 0);
        }
        else if (scene.Position is { } position)
        {
            Paste(canvas, Small(scene.First), _set.Positions[position], ink: 0);
        }
        else
        {
            Paste(canvas, Full(scene.First, scene.Style), [0, 0], _set.Styles[scene.Style].Inked ? background.Ink : 0);
        }

        for (int i = 0; i < canvas.Length; i++)
        {
            canvas[i] = (Math.Clamp(canvas[i], 0, 255) / 127.5f) - 1;
        }

        return canvas;
    }

    private ReadOnlySpan<byte> Full(int emoji, int style)
    {
        int length = _set.Size * _set.Size * (Channels + 1);
        return _full.Values.AsSpan(((emoji * _set.Styles.Count) + style) * length, length);
    }

    private ReadOnlySpan<byte> Small(int emoji)
    {
        int length = _set.SmallSize * _set.SmallSize * (Channels + 1);
        return _small.Values.AsSpan(emoji * length, length);
    }

    // Ink is added to the colour where there is alpha.
    private void Paste(float[] canvas, ReadOnlySpan<byte> picture, int[] place, int ink)
    {
        int side = (int)Math.Sqrt(picture.Length / (Channels + 1));
        for (int i = 0; i < side * side; i++)
        {
            ReadOnlySpan<byte> pixel = picture.Slice(i * (Channels + 1), Channels + 1);
            float alpha = pixel[Alpha] / 255f;
            int target = ((place[0] + (i / side)) * _set.Size) + place[1] + (i % side);
            for (int channel = 0; channel < Channels; channel++)
            {
                ref float value = ref canvas[(channel * _set.Size * _set.Size) + target];
                value *= 1 - alpha;
                value += pixel[channel] + (ink * alpha);
            }
        }
    }

    private static void RequireShape(NpyFile file, int[] expected)
    {
        if (!file.Shape.SequenceEqual(expected))
        {
            throw new InvalidDataException($"Emoji pictures have the shape [{string.Join(", ", file.Shape)}], expected [{string.Join(", ", expected)}].");
        }
    }
}
