using System.Runtime.ExceptionServices;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Loads the models of a folder: all or, when one fails or the load is stopped, none.</summary>
internal sealed class FolderLoad(IReadOnlyList<Loading> models, IProgress<LoadProgress>? progress)
{
    private readonly Lock _lock = new();
    private readonly int _count = models.Sum(model => model.Pieces.Count);
    private int _done;

    /// <summary>Loads on threads of their own, or one after another; the first failure stops the rest and is thrown as it is, after all have ended.</summary>
    public void Run(bool oneByOne, CancellationToken cancellationToken)
    {
        try
        {
            LoadAll(oneByOne, cancellationToken);
        }
        catch
        {
            foreach (Loading model in models)
            {
                model.Dispose();
            }

            throw;
        }
    }

    private void LoadAll(bool oneByOne, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        if (oneByOne)
        {
            foreach (Loading model in models)
            {
                Load(model);
            }
        }
        else
        {
            Task[] tasks = [.. models.Select(model => Task.Factory.StartNew(() => Load(model), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default))];
            Task.WaitAll(tasks, CancellationToken.None);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        void Load(Loading model)
        {
            try
            {
                foreach (Action<CancellationToken> piece in model.Pieces)
                {
                    stop.Token.ThrowIfCancellationRequested();
                    piece(stop.Token);
                    Report(model.Part);
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
                stop.Cancel();
            }
        }
    }

    private void Report(string part)
    {
        lock (_lock)
        {
            progress?.Report(new LoadProgress(part, ++_done, _count));
        }
    }
}
