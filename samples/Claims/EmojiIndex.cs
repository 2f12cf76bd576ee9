using System.Text.Json;
using DiffusionSharp.Samples.Evaluation;

namespace DiffusionSharp.Samples.Claims;

/// <summary>Finds the emoji that a picture is nearest to, of all, in full size on white, as <c>training/retrieval.py</c> compares pictures.</summary>
internal sealed class EmojiIndex
{
    private readonly int _side;
    private readonly byte[][] _drawn;
    private readonly short[][] _pooled;
    private readonly (string Name, int Class)[] _emojis;

    private EmojiIndex(int side, byte[][] drawn, (string Name, int Class)[] emojis)
    {
        (_side, _drawn, _emojis) = (side, drawn, emojis);
        _pooled = Array.ConvertAll(drawn, Pool);
    }

    /// <summary>Reads the emojis of a work folder of training, and which class each is of.</summary>
    public static EmojiIndex Open(string work, ClassList classes)
    {
        var set = EvaluationSet.Read(Path.Combine(work, "evaluation.json"));
        var renderer = new SceneRenderer(set, NpyFile.Read(Path.Combine(work, "full.npy")), NpyFile.Read(Path.Combine(work, "small.npy")));
        using var emojis = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(work, "emojis.json")));
        byte[][] drawn = [.. Enumerable.Range(0, renderer.Count).Select(i => SceneRenderer.ToBytes(renderer.Render(new Scene(i, 0, 0, null, null, null))))];
        return new EmojiIndex(set.Size, drawn, [.. emojis.RootElement.EnumerateArray().Select(emoji => (Text(emoji, "name"), classes.Find(Text(emoji, "group"))))]);
    }

    /// <summary>The names of some emojis of a class, evenly spread.</summary>
    public string[] NamesOf(int label, int count) => EvaluationSet.Spread([.. _emojis.Where(emoji => emoji.Class == label).Select(emoji => emoji.Name)], count);

    /// <summary>Which class the emoji nearest to a picture is of, and how far off the picture is.</summary>
    /// <returns>The class; the root mean square difference of the picture's values from the emoji's in the same size, on the scale of 0 to 255.</returns>
    public (int Class, double Off) Nearest(GeneratedImage image)
    {
        int size = (int)image.Pixels.Lengths[3];
        byte[] picture = SceneRenderer.ToBytes(image.Pixels.Values());
        short[] pooled = Pool(Enlarge(picture, size));
        int nearest = Enumerable.Range(0, _pooled.Length).MinBy(i => PooledPicture.Distance(pooled, _pooled[i]));
        double[] emoji = Shrink(_drawn[nearest], size);
        return (_emojis[nearest].Class, Math.Sqrt(picture.Zip(emoji, (value, drawn) => (value - drawn) * (value - drawn)).Average()));
    }

    private static string Text(JsonElement emoji, string property) => emoji.GetProperty(property).GetString()!;

    private short[] Pool(byte[] picture) => PooledPicture.Of(picture, _side, new PicturePart(0, 0, _side, _side));

    // Each pixel several times.
    private byte[] Enlarge(byte[] picture, int size) => Resize(_side, (plane, y, x) => picture[(((plane * size) + (y * size / _side)) * size) + (x * size / _side)]);

    // The means of squares.
    private double[] Shrink(byte[] picture, int size)
    {
        int square = _side / size;
        return Resize(size, (plane, y, x) =>
        {
            double sum = 0;
            for (int i = 0; i < square * square; i++)
            {
                sum += picture[(((plane * _side) + (y * square) + (i / square)) * _side) + (x * square) + (i % square)];
            }

            return sum / (square * square);
        });
    }

    private static T[] Resize<T>(int size, Func<int, int, int, T> value) =>
        [.. Enumerable.Range(0, 3 * size * size).Select(i => value(i / (size * size), i / size % size, i % size))];
}
