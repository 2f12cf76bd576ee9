using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>A token stops a generation wherever it is, and nothing is left running.</summary>
public sealed class CancellationTests : IDisposable
{
    private static readonly TextToImageRequest Request = new("a cat") { Seed = 5 };
    private readonly CancellationTokenSource _cancellation = new();
    private readonly RecordingPredictor _predictor = new(Toy.Predict);
    private readonly ToyTextEncoder _textEncoder = new();
    private readonly ToyAutoencoder _autoencoder = new();
    private readonly DiffusionPipeline _pipeline;

    public CancellationTests() => _pipeline = Toy.Builder(_predictor, _textEncoder, _autoencoder).Build();

    [Fact]
    public async Task A_cancelled_token_lets_nothing_begin()
    {
        await _cancellation.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => _pipeline.Generate(Request, cancellationToken: _cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _pipeline.GenerateAsync(Request, cancellationToken: _cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CountStepsAsync(_pipeline.StreamAsync(Request, _cancellation.Token)));
        Assert.Empty(_predictor.Plans);
        Assert.Empty(_textEncoder.Calls);
    }

    [Fact]
    public async Task Cancelling_in_a_step_ends_the_generation_with_it()
    {
        _predictor.BeforePrediction = () =>
        {
            if (_predictor.Predictions == 2)
            {
                _cancellation.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _pipeline.GenerateAsync(Request, cancellationToken: _cancellation.Token));
        Assert.Equal(3, _predictor.Predictions);
        Assert.Equal(0, _predictor.RunningRuns);
    }

    [Fact]
    public async Task Cancelling_between_steps_of_a_stream_ends_it_there()
    {
        int steps = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (DenoisingStep step in _pipeline.StreamAsync(Request, _cancellation.Token))
            {
                steps++;
                if (step.Index == 1)
                {
                    await _cancellation.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(step.DecodePreviewAsync);
                }
            }
        });
        Assert.Equal(2, steps);
        Assert.Equal(0, _predictor.RunningRuns);
    }

    [Fact]
    public async Task A_token_given_to_the_enumeration_counts_as_well()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (DenoisingStep step in _pipeline.StreamAsync(Request).WithCancellation(_cancellation.Token))
            {
                Assert.Equal(0, step.Index);
                await _cancellation.CancelAsync();
            }
        });
        Assert.Equal(0, _predictor.RunningRuns);
    }

    [Fact]
    public void Every_part_gets_the_token()
    {
        _pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture()), cancellationToken: _cancellation.Token);
        Assert.Equal(_cancellation.Token, _textEncoder.LastToken);
        Assert.Equal(_cancellation.Token, _autoencoder.LastToken);
        Assert.Equal(_cancellation.Token, Assert.Single(_predictor.Plans).CancellationToken);
    }

    [Fact]
    public async Task A_cancelled_generation_leaves_the_pipeline_as_it_was()
    {
        GenerationResult expected = _pipeline.Generate(Request);
        _predictor.BeforePrediction = _cancellation.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _pipeline.GenerateAsync(Request, cancellationToken: _cancellation.Token));
        _predictor.BeforePrediction = () => { };
        Assert.Equal(expected.Latents.Values(), _pipeline.Generate(Request).Latents.Values());
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _cancellation.Dispose();
    }

    private static async Task<int> CountStepsAsync(IAsyncEnumerable<DenoisingStep> steps)
    {
        int count = 0;
        await foreach (DenoisingStep _ in steps)
        {
            count++;
        }

        return count;
    }
}
