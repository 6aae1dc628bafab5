using VerseEtl.Host.Commands;

return await CommandTree.Invoke(args, Terminal.OfProcess(), TimeProvider.System);
