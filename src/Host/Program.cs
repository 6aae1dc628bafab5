Console.WriteLine("verse-etl");
