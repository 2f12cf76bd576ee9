using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp.Tests.Support;

namespace DiffusionSharp.ImageSharp.Tests.Loading;

public sealed class LoadAsyncTests : IDisposable
{
    private static readonly byte[] Picture = PngBytes.Write(4, 2, 1, [0, 50, 100, 150, 200, 250, 30, 60], ("tEXt", "parameters\0a\nSteps: 1, Sampler: b, Seed: 2"u8.ToArray()));

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task All_ways_to_load_give_the_same()
    {
        string path = _folder.Write("a.png", Picture);
        float[] picture = ImageTensors.Load(path, ImageFit.ToMultipleOf(1)).Values().ToArray();
        float[] mask = ImageTensors.LoadMask(path, 4, 2).Values().ToArray();
        GenerationParameters? parameters = GenerationParameters.Read(path);
        Assert.NotNull(parameters);

        Assert.Equal(picture, Values(ImageTensors.Load(new PiecewiseStream(Picture), ImageFit.ToMultipleOf(1))));
        Assert.Equal(picture, Values(await ImageTensors.LoadAsync(path, ImageFit.ToMultipleOf(1))));
        Assert.Equal(picture, Values(await ImageTensors.LoadAsync(new AsyncOnly(Picture), ImageFit.ToMultipleOf(1))));
        Assert.Equal(mask, Values(ImageTensors.LoadMask(new PiecewiseStream(Picture), 4, 2)));
        Assert.Equal(mask, Values(await ImageTensors.LoadMaskAsync(path, 4, 2)));
        Assert.Equal(mask, Values(await ImageTensors.LoadMaskAsync(new AsyncOnly(Picture), 4, 2)));
        Assert.Equal(parameters, GenerationParameters.Read(new PiecewiseStream(Picture)));
        Assert.Equal(parameters, await GenerationParameters.ReadAsync(path));
        Assert.Equal(parameters, await GenerationParameters.ReadAsync(new AsyncOnly(Picture)));
    }

    [Fact]
    public async Task A_cancelled_load_stops()
    {
        var cancelled = new CancellationToken(canceled: true);
        string path = _folder.Write("a.png", Picture);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImageTensors.LoadAsync(path, ImageFit.ToMultipleOf(1), cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImageTensors.LoadMaskAsync(path, 4, 2, cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GenerationParameters.ReadAsync(path, cancellationToken: cancelled));

        // While it waits for bytes that never come.
        using var source = new CancellationTokenSource();
        Task<Tensor<float>> loading = ImageTensors.LoadAsync(new Silent(), ImageFit.ToMultipleOf(1), cancellationToken: source.Token);
        Assert.False(loading.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading);
    }

    [Fact]
    public async Task Wrong_files_are_named_and_wrong_arguments_refused()
    {
        string text = _folder.Write("text.png", "This is no picture, though long enough to be one."u8.ToArray());
        Assert.Contains(text, (await Assert.ThrowsAsync<InvalidDataException>(() => ImageTensors.LoadAsync(text, ImageFit.ToMultipleOf(1)))).Message, StringComparison.Ordinal);
        Assert.Contains(text, (await Assert.ThrowsAsync<InvalidDataException>(() => ImageTensors.LoadMaskAsync(text, 1, 1))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FileNotFoundException>(() => ImageTensors.LoadAsync(_folder.File("missing.png"), ImageFit.ToMultipleOf(1)));
        await Assert.ThrowsAsync<InvalidDataException>(() => ImageTensors.LoadAsync(new AsyncOnly([]), ImageFit.ToMultipleOf(1)));
        await Assert.ThrowsAsync<ArgumentNullException>(() => ImageTensors.LoadAsync(text, null!));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ImageTensors.LoadMaskAsync(text, 0, 1));
    }

    public void Dispose() => _folder.Dispose();

    private static float[] Values(Tensor<float> tensor) => tensor.Values().ToArray();

    /// <summary>As a web server's request body: synchronous reading is not allowed.</summary>
    private class AsyncOnly(byte[] bytes) : PiecewiseStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Synchronous reading is not allowed.");

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            byte[] part = new byte[buffer.Length];
            int count = base.Read(part, 0, part.Length);
            part.AsSpan(0, count).CopyTo(buffer.Span);
            return count;
        }
    }

    private sealed class Silent() : AsyncOnly([])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
