using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionSharp.Diffusers.Tests.Graphs;

/// <summary>Winograd's products are 3x3 convolutions: by their matrices exactly, and as a graph beside a plain loop in double.</summary>
public sealed class WinogradTests : IDisposable
{
    private const int InChannels = 3;
    private const int Channels = 5;

    // The root of the mean square over that of the results: rounding of float32, which tiles of 4x4 enlarge about ten times.
    private const double Tolerance = 3e-6;

    private readonly TemporaryFolder _folder = new();
    private readonly Matrix _filters = Matrix.Random(Channels, InChannels * 9, seed: 3);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_matrices_filter_as_a_sum_of_three_does(int outputs)
    {
        WinogradForm form = outputs == 2 ? WinogradForm.Two : WinogradForm.Four;
        Matrix data = Matrix.Random(form.Points, 1, seed: 1);
        Matrix filter = Matrix.Random(3, 1, seed: 2);
        Matrix left = Of(form.G) * filter;
        Matrix right = Of(form.B) * data;

        Matrix results = Of(form.A) * Matrix.Of(form.Points, 1, (row, _) => left[row, 0] * right[row, 0]);

        for (int i = 0; i < outputs; i++)
        {
            double expected = Enumerable.Range(0, 3).Sum(tap => filter[tap, 0] * data[i + tap, 0]);
            Assert.InRange(results[i, 0] - expected, -1e-14, 1e-14);
        }
    }

    [Theory]
    [InlineData(2, 2, 8, 6, false)]
    [InlineData(4, 2, 8, 12, false)]
    [InlineData(4, 1, 10, 7, false)]
    [InlineData(2, 3, 5, 9, false)]
    [InlineData(4, 2, 16, 8, true)]
    [InlineData(2, 1, 6, 10, true)]
    public void Pictures_at_once(int outputs, int rows, int height, int width, bool isDoubled) => Same(outputs, rows, height, width, isDoubled, inBands: false);

    [Theory]
    [InlineData(4, 128, 128, false)]
    [InlineData(4, 96, 132, false)]
    [InlineData(4, 64, 256, true)]
    [InlineData(2, 64, 66, false)]
    public void Pictures_in_bands(int outputs, int height, int width, bool isDoubled) => Same(outputs, 1, height, width, isDoubled, inBands: true);

    [Fact]
    public void Transformed_weights_are_made_once_and_again_when_the_weights_have_changed()
    {
        StoredFilters(1);
        Value first = Get();
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "cache")));
        DateTime made = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(file, made);

        Get();
        Assert.Equal(made, File.GetLastWriteTimeUtc(file));

        StoredFilters(2);
        Get();
        Assert.NotEqual(made, File.GetLastWriteTimeUtc(file));
        Assert.Equal(Channels, first.Channels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-4)]
    public void Transformed_weights_that_are_cut_off_are_made_again(int length)
    {
        StoredFilters(1);
        Get();
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "cache")));
        byte[] whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..(length < 0 ? whole.Length + length : length)]);

        Get();

        Assert.Equal(whole, File.ReadAllBytes(file));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        StoredFilters(1);
        File.WriteAllText(Path.Combine(_folder.Path, "cache"), "a file where the folder should be");

        ModelFormatException error = Assert.Throws<ModelFormatException>(() => Get());

        Assert.Contains("FastSizes.CacheFolder", error.Problem, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.f4.*"));
    }

    [Fact]
    public void Making_them_can_be_stopped_and_leaves_nothing_behind()
    {
        StoredFilters(1);

        Assert.ThrowsAny<OperationCanceledException>(() => Get(new CancellationToken(true)));

        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "cache")));
    }

    [Fact]
    public void Making_them_is_stopped_between_rows_of_points()
    {
        using var stop = new CancellationTokenSource();
        using var stream = new StoppingStream(stop);
        var transform = new WinogradTransform(StoredFilters(1).Tensors["conv.weight"], WinogradForm.Four);

        Assert.ThrowsAny<OperationCanceledException>(() => transform.Write(stream, stop.Token));

        Assert.Equal(sizeof(float) * WinogradForm.Four.Points * InChannels * Channels, stream.Length);
    }

    private static Matrix Of(double[,] values) => Matrix.Of(values.GetLength(0), values.GetLength(1), (row, column) => values[row, column]);

    private Checkpoint StoredFilters(double factor)
    {
        string path = _folder.File("model.safetensors");
        File.WriteAllBytes(path, WrittenTensor.File((factor * _filters).Written("conv.weight", Channels, InChannels, 3, 3)));
        return Checkpoint.OpenFile(path);
    }

    private Value Get(CancellationToken cancellationToken = default)
    {
        var checkpoint = Checkpoint.OpenFile(_folder.File("model.safetensors"));
        var w = new Weights(new Graph("graph", checkpoint.Path), checkpoint);
        WinogradCache cache = Cache();
        Value filters = cache.Get(w["conv"], WinogradForm.Four, Channels, InChannels);
        cache.MakeMissing(cancellationToken);
        return filters;
    }

    private WinogradCache Cache() => new(Path.Combine(_folder.Path, "cache"));

    private void Same(int outputs, int rows, int height, int width, bool isDoubled, bool inBands)
    {
        WinogradForm form = outputs == 2 ? WinogradForm.Two : WinogradForm.Four;
        Checkpoint checkpoint = StoredFilters(1);
        (int inHeight, int inWidth) = isDoubled ? (height / 2, width / 2) : (height, width);
        Matrix picture = Matrix.Random(rows * inHeight * inWidth, InChannels, seed: 4);

        var graph = new Graph("graph", checkpoint.Path);
        Value x = graph.Input("x", 2, rows, inHeight * inWidth, InChannels);
        WinogradCache cache = Cache();
        Value filters = cache.Get(new Weights(graph, checkpoint)["conv"], form, Channels, InChannels);
        cache.MakeMissing(CancellationToken.None);
        var convolution = new WinogradConvolution(form, filters, rows, height, width, isDoubled);
        Assert.Equal(inBands, convolution.Bands > 1);
        Value result = inBands ? convolution.InBands(x, band => band, (band, _) => band, null).Picture : convolution.Whole(x);
        graph.Output("y", result, rows, height * width, Channels);
        using InferenceSession session = graph.ToSource().Open(new SessionOptions());
        var input = NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(picture.Values.Select(value => (float)value).ToArray(), [rows, inHeight * inWidth, InChannels]));
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([input]);
        float[] found = [.. results[0].AsTensor<float>()];

        (double difference, double size) = (0, 0);
        for (int i = 0; i < found.Length; i++)
        {
            (int pixel, int channel) = Math.DivRem(i, Channels);
            (int line, int column) = Math.DivRem(pixel, width);
            (int row, int y) = Math.DivRem(line, height);
            double expected = Expected(row, y, column, channel);
            difference += (found[i] - expected) * (found[i] - expected);
            size += expected * expected;
        }

        Assert.InRange(Math.Sqrt(difference / size), 0, Tolerance);

        double Expected(int row, int y, int column, int channel)
        {
            double sum = 0;
            for (int tap = 0; tap < 9; tap++)
            {
                (int fromY, int fromX) = (y + (tap / 3) - 1, column + (tap % 3) - 1);
                if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width)
                {
                    continue;
                }

                int place = (((row * inHeight) + (isDoubled ? fromY / 2 : fromY)) * inWidth) + (isDoubled ? fromX / 2 : fromX);
                for (int input = 0; input < InChannels; input++)
                {
                    sum += picture[place, input] * _filters[channel, (input * 9) + tap];
                }
            }

            return sum;
        }
    }

    // Somebody stops it while the first row is written.
    private sealed class StoppingStream(CancellationTokenSource stop) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            base.Write(buffer);
            stop.Cancel();
        }
    }
}
