/**
 * Given names in Latin letters. `latin.ts` reads the list when the first name is looked up.
 *
 * Chosen from the person providers of Faker 40.63.0 (MIT License, Copyright (c) 2012 Daniele Faraglia): the names of en_US
 * and en_GB, and those that two or more of its European locales share; without those that are also words of English
 * documentation (`Grant`, `Mark`, `May`). The last lines are frequent ones of India, Indonesia, Africa, Japan, the Arab and the
 * Cyrillic world, which it lacks.
 */

/** With a space or a line break between them. */
export const GIVEN_NAMES: string = `
Aaliyah Aaron Aarón Abbas Abbie Abby Abdul Abdullah Abel Abelardo Abigail Abraham Abril Achille Achim Adalberto Adam
Adela Adelaida Adele Adelheid Adelina Adeline Adem Adina Adnan Adolf Adolfo Adrian Adriana Adriano Adrien Adrienne
Adrián Adán Adèle Agata Agatha Agathe Agnes Agnieszka Agnès Agustin Agustina Agustín Ahmad Ahmed Ahmet Aida Aidan
Aiden Aimee Aimée Aisha Alain Alan Alana Alba Alban Albert Alberte Albertina Alberto Albin Albina Albino Albrecht
Alcides Aldo Alec Alejandra Alejandro Alejo Aleksandar Aleksander Aleksandra Alena Alessandra Alessandro Alessia
Alessio Alex Alexa Alexander Alexandra Alexandre Alexandria Alexandru Alexia Alexis Alf Alfons Alfonso Alfred Alfredo
Ali Alice Alicia Alida Alina Aline Alisa Alisha Alison Alistair Alix Allan Allen Allison Alma Alois Aloisia Alondra
Alonso Alphonse Alvaro Alvin Alwin Alyssa Alícia Amada Amador Amalia Amalie Amanda Amandine Amaro Amaya Amber Amelia
Amelie Amin Amina Amir Amira Amparo Amy Amélia Amélie América Américo Ana Anabel Anabela Anas Anastasia Anaïs Anders
Anderson Andre Andrea Andreas Andrei Andreia Andrej Andres Andrew Andrey Andrzej André Andrée Andrés Andy Aneta Anett
Anette Angel Angela Angelica Angelika Angelina Angelo Angie Angus Angèle Angélica Angélique Anica Anika Anita Anja
Anka Anke Ann Anna Annabelle Annalisa Annalise Annamaria Anne Anneke Anneli Annelie Annelies Anneliese Annelise
Annemarie Annemie Annette Anni Annick Annie Annika Annikki Annita Anny Anouk Anselmo Antero Anthony Antje Anto Antoine
Antoinette Anton Antonella Antonia Antonie Antonietta Antonina Antonino Antonio Antonius Antony António Aníbal
Apolonia April Araceli Arcelia Arda Ari Aria Ariadna Arian Ariana Ariane Ariel Arif Arlette Armand Armando Armin
Arnaldo Arnaud Arne Arno Arnold Arnulfo Aron Arsenio Artan Artemio Arthur Artur Arturo Ashlee Ashleigh Ashley Ashton
Asta Astrid Asunción Atilio Attila Aude Audrey August Augusta Auguste Augustin Augusto Aura Aurel Aurelia Aurelio
Aurora Aurore Aurélie Austin Autumn Ava Avni Axel Axelle Aya Ayla Aylin Ayoub Ayse Ayten Aziz Azra Azucena Bailey
Balthasar Barbara Barry Bart Bas Basilio Bastian Bautista Bayron Beata Beate Beatrice Beatrix Beatriz Beau Becky
Belinda Bella Belén Ben Benedikt Benicio Benita Benito Benjamim Benjamin Benjamín Benno Benny Benoit Benoît Bente
Benthe Berat Berend Berit Bernabé Bernadette Bernard Bernarda Bernardino Bernardita Bernardo Bernd Berndt Bernhard
Bernt Bert Berta Bertha Berthe Bertil Bertram Bertrand Beth Bethan Bethany Betina Bettina Betty Beverley Beverly
Biagio Bianca Bianka Bibiana Bilal Bill Billy Birger Birgit Birgitta Birte Birthe Bjarne Bjorn Björn Bladimir Blake
Blanca Blanka Blas Bob Bobby Bodil Bogdan Bonnie Boris Borja Brad Bradley Brady Brahim Bram Brandi Brandon Brandy
Branka Branko Brayan Breanna Brenda Brendan Brent Brett Brian Briana Brianna Bridget Brigitta Brigitte Brita Britt
Britta Brittany Brittney Brooke Brooklyn Bruce Bruna Bruno Bryan Bryce Brígida Bárbara Béatrice Caitlin Caitlyn Caleb
Callum Calogero Calvin Cameron Camila Camilla Camille Camilo Canan Candace Candela Candelaria Candice Capucine Caridad
Carin Carina Carine Carl Carla Carlo Carlos Carlota Carly Carmela Carmelo Carmen Carmina Carmine Carol Carola Carole
Carolin Carolina Caroline Carolyn Carrie Carsten Carter Cas Casandra Casey Casper Cassandra Cassidy Cassie Catalina
Catarina Caterina Catharina Catherine Cathrine Cathy Catrin Cecilia Cecilie Cedric Ceferino Celestino Celia Celine
Celso Cesar Chad Chantal Chantelle Charlene Charles Charlie Charline Charlotte Charo Chase Che Chelsea Chelsey Cherie
Cheryl Cheyenne Chiara Chloe Chloé Chloë Chris Christa Christel Christelle Christian Christiana Christiane Christianne
Christie Christin Christina Christine Christof Christofer Christoffer Christoph Christophe Christopher Christos
Christy Cindy Cintia Cipriano Ciro Claire Clara Clare Clarence Clarisa Clarissa Claudia Claudine Claudio Claus Clayton
Clemens Clemente Clementina Clifford Clinton Clive Clotilde Clémence Cody Cole Colette Colin Colleen Collin Colton
Concepción Concetta Connie Connor Conny Conor Conrad Constance Constantin Constanza Constanze Consuela Consuelo Cora
Coralie Cordula Corey Corina Corine Corinna Corinne Cornel Cornelia Cornelio Cornelis Cornelius Cory Cosimo Courtney
Craig Cristhian Cristian Cristiano Cristina Cristobal Cristóbal Cruz Crystal Csaba Curt Curtis Custodio Cynthia Cyril
Cäcilia Cécile Cédric Célia Céline César Daan Dafina Dafne Dag Dagmar Dagny Dagoberto Daisy Dakota Dale Dalia Dalibor
Dalton Damaris Damian Damiano Damien Damián Damon Dan Dana Dani Danica Daniel Daniela Daniele Daniella Danielle Danilo
Danièle Daniël Danny Dante Dany Daphne Daria Darin Dario Darius Dariusz Darko Darlene Darrell Darren Darryl Darwin
Daryl Darío Dave David Dawn Dayana Dean Deanna Debbie Debora Deborah Debra Declan Deisy Delfina Delia Delphine
Demetrio Demi Denis Denisa Denise Deniz Dennis Derek Derrick Desiderio Desiree Desirée Desmond Destiny Detlef Devin
Devon Deyanira Diamond Diana Diane Didier Diego Dieter Dietmar Dietrich Dilara Dillon Dimitri Dimitrios Dina Dino
Diogo Dion Dionisio Dirk Dolores Domenica Domenico Dominga Domingo Dominic Dominik Dominique Donald Donatella Donato
Donna Dora Dorian Dorina Doris Dorota Dorothea Dorothy Dorothée Douglas Dragan Dragica Drew Duane Dulce Duncan Dunja
Dusan Dustin Dwayne Dylan Débora Déborah Earl Ebbe Ebony Edda Eddie Eddy Edelmira Eden Edgar Edgard Edgardo Edina
Edinson Edison Edita Edith Edmond Edmund Edmundo Edouard Eduard Eduarda Eduardo Edvard Edward Edwin Efraín Egon Eileen
Eilish Einar Ekaterina Ekrem Ela Eladio Elaine Elba Eleanor Elena Eleni Eleonora Eleonore Eleuterio Elfriede Eli Elia
Eliana Eliane Elias Eliecer Elif Elijah Elin Elina Eline Elio Elisa Elisabet Elisabeth Elise Eliseo Eliza Elizabeth
Elke Ella Ellen Elli Ellie Ellinor Elliot Elliott Elly Elma Elmar Elmer Elna Elodia Elodie Eloy Eloísa Eloïse Elsa
Elsbeth Elsie Elsy Elvia Elvira Elvis Eléonore Elías Ema Emanuel Emanuela Emelina Emerson Emil Emile Emilia Emilian
Emiliano Emilie Emilio Emily Emin Emine Emir Emma Emmanuel Emmanuelle Emmi Emmy Enes Ennio Enrico Enrique Enver Enya
Enzo Erasmo Erdogan Erhard Eric Erica Erich Erick Erik Erika Erin Erina Erkan Erling Erna Ernest Ernesto Ernst Erol
Erwin Esmeralda Esperanza Esteban Estefanía Estela Estelle Ester Esther Estrella Ethan Etienne Etta Eugen Eugene
Eugenia Eugenio Eugène Eusebia Eusebio Eva Evan Evaristo Eve Evelien Evelin Evelina Eveline Evelio Evelyn Evelyne Evi
Evie Evy Ewa Ewald Ezequiel Ezio Fabia Fabian Fabiana Fabienne Fabio Fabiola Fabián Fabrice Fabricio Fabrizio Facundo
Faith Fanny Farid Faruk Fatih Fatiha Fatima Fatma Faustino Fausto Faye Febe Federica Federico Felicia Feliciano
Felicitas Felipe Felix Femke Ferdinand Ferenc Fermín Fernand Fernanda Fernande Fernando Fidel Fien Filip Filipa Filipe
Filippa Filippo Filomena Finn Fiona Flavia Flavio Fleur Floor Flor Flora Flore Florence Florencia Florencio Florent
Florentin Florentina Florentino Florian Floriane Florin Florina Florinda Floris Fortunata Franca Frances Francesca
Francesco Francia Francine Francis Francisca Francisco Franck Franco Frank Franklin Frans Franz Franziska François
Françoise Fred Freddy Frederic Frederick Frederik Fredo Fredrik Fredy Freja Freya Frida Fridolin Frieda Friederike
Friedrich Fritz Frode Frédéric Frédérique Fábio Félix Gabi Gabino Gabor Gabriel Gabriela Gabriele Gabriella Gabrielle
Gael Gaetano Gail Gareth Garrett Garry Gary Gaspar Gaston Gastón Gavin Gaëlle Gebhard Geert Gema Gemma Genaro Gene
Geneviève Genoveva Geoffrey Georg George Georges Georgette Georgia Georgina Georgios Gerald Geraldine Gerard Gerardo
Gerd Gerda Gerhard Gerlinde Germaine German Germán Gerold Geronimo Gerrit Gerson Gert Gertrud Gertrude Gerónimo
Ghislain Ghislaine Giacomo Giada Gian Giancarlo Gianfranco Gianluca Gianna Gianni Gil Gilbert Gilberte Gilberto Gilda
Gilles Gillian Gina Ginette Gino Giorgia Giorgio Giovanna Giovanni Giovanny Gisela Gisèle Gitte Giulia Giuliana
Giuliano Giulio Giuseppa Giuseppe Giuseppina Gladys Glen Glenda Glenn Gloria Gonzalo Gonçalo Goran Gordana Gordon
Gottfried Gottlieb Grace Graciela Graeme Graham Grazia Graziella Greg Gregg Gregor Gregorio Gregory Greta Grete Grethe
Griselda Grzegorz Grégoire Guadalupe Gudrun Guido Guilherme Guillaume Guillermina Guillermo Gunhild Gunnar Gunter
Gunther Gustav Gustavo Guy Gwendolyn Géraldine Gérard Gülay Günter Günther Hailey Hakan Haley Halil Hamish Hamza Hana
Hanife Hanna Hannah Hanne Hannele Hannelore Hannes Hans Hansjörg Hanspeter Harald Hardy Harold Harri Harriet Harrison
Harry Hartmut Harvey Hasan Hassan Hatice Hayden Haydée Hayley Hazel Heather Hector Hedda Hedwig Heidi Heidy Heike
Heiko Heinrich Heinz Helen Helena Helene Helga Helge Helmut Hendrik Henning Henri Henrietta Henriette Henrik Henrique
Henry Herbert Heriberto Herman Hermann Hermes Hermine Herminia Herminio Hernando Hernán Herta Hilary Hilda Hilde
Hildegard Hillevi Hilma Hipólito Holger Hollie Holly Horacio Horst Hortensia Howard Hubert Hugh Hugo Hugues Huguette
Hulda Humberto Hunter Hussein Héctor Hélène Hüseyin Iain Ian Ibrahim Ida Ignacia Ignacio Ignaz Igor Iker Ilaria Ileana
Ilias Ilija Ilona Ilse Ilyas Imane Imelda Imke Imran Imre Ina Inaya Indira Ines Inga Inge Ingeborg Inger Ingmar Ingo
Ingrid Inès Inés Inês Ioannis Iolanda Ira Irena Irene Irina Iris Irma Irmgard Irène Isa Isaac Isabel Isabela Isabell
Isabella Isabelle Isaiah Isaías Isidor Isidora Isidoro Isidro Isis Ismael Ismail Ismet Israel Istvan István Iva Ivan
Ivana Ivar Ivo Ivona Ivonne Ivy Iván Iwan Jacek Jacinta Jacinto Jack Jackie Jackson Jaclyn Jacob Jacobo Jacqueline
Jacques Jade Jael Jaime Jair Jairo Jake Jakob Jakub Jamal James Jamie Jan Jana Jane Janet Janette Janice Janina Janine
Jann Janna Janne Jannik Jannis Janos Jaqueline Jared Jari Jarl Jarno Jaroslav Jasmin Jasmina Jasmine Jason Jasper
Javier Javiera Jay Jayden Jayne Jazmín Jean Jeanette Jeanine Jeanne Jeannette Jeannine Jeff Jefferson Jeffery Jeffrey
Jeison Jelena Jelle Jemma Jenna Jenni Jennifer Jenny Jens Jeremiah Jeremias Jeremy Jeremías Jermaine Jerome Jerry
Jerson Jerzy Jerónimo Jesper Jesse Jessica Jessie Jessy Jesus Jesús Jhoan Jhon Jhonatan Jhonny Jill Jillian Jim Jimena
Jimmy Jiri Joachim Joakim Joan Joana Joann Joanna Joanne Joao Joaquim Joaquina Joaquín Jocelyn Jocelyne Jochen Jodi
Jodie Jody Joe Joel Johan Johana Johann Johanna Johanne Johannes John Johnathan Johnny Jolanda Jolene Jon Jonas
Jonatan Jonathan Jonathon Jonna Joost Jordan Jordi Jordy Jordán Jorge Joris Jos Jose Josef Josefa Josefina Josefine
Joseph Josephine Josette Josh Joshua Josiane Josip Jost Josué José Josée Joséphine Jovan Jovana Jovita Joy Joyce Jozef
João Joël Joëlle Juan Juana Juanita Judith Judy Juhani Jules Julia Julian Juliana Juliane Julianna Julie Julien
Julieta Juliette Julio Julius Julián June Junior Juri Justin Justina Justine Justus Jutta Juul Jérôme Jörg Jörgen
Jørgen Júlia Jürgen Kaarina Kai Kaitlin Kaitlyn Kalevi Kalina Kalle Kamil Kamila Kane Kara Karel Karen Kari Karim
Karima Karin Karina Karine Karl Karla Karol Karolina Karoline Karsten Kaspar Kasper Kata Katalin Katarina Katarzyna
Kate Katelyn Katerina Katerine Katharina Katharine Katherin Katherine Kathleen Kathrin Kathryn Kathy Kati Katia Katie
Katja Katrin Katrina Katty Katy Kay Kayla Kaylee Kayleigh Keith Kelli Kellie Kelly Kelsey Kelvin Kemal Ken Kenan
Kendra Kenneth Kenny Kent Kerri Kerry Kerstin Kevin Khadija Khaled Khalid Kian Kiara Kieran Kilian Killian Kim
Kimberley Kimberly Kira Kirk Kirsten Kirstin Kirsty Kjell Klaas Klara Klaudia Klaus Klára Knut Koen Konrad Konstantin
Konstantinos Kornelia Krishna Krista Kristen Kristi Kristian Kristie Kristin Kristina Kristine Kristoffer Kristopher
Kristy Krystal Krystyna Krzysztof Kuno Kurt Kyara Kyle Kylie Kyra Käthe Käthi Kåre Lacey Laetitia Laila Lana Lance
Lara Larissa Larry Lars Lasse Laszlo Latasha Latoya Laura Laure Lauren Laurence Laurens Laurent Laurenz Laurie Laurin
Lautaro Lavinia Lawrence Layla Lea Leah Lean Leana Leander Leandra Leandro Leanne Lee Leena Leidy Leif Leigh Leila
Lena Lene Leni Lenn Lennart Lenny Leo Leon Leona Leonard Leonardo Leoncio Leonel Leonhard Leonie Leonor Leonora
Leontina Leopold Leopoldo Leroy Lesley Leslie Leticia Letizia Letícia Levi Lewis Lex Leyla León Lia Liam Lian Liana
Lidia Lidija Liesbeth Lieve Ligia Liisa Lila Lili Lilia Lilian Liliana Liliane Lilla Lilli Lilly Lily Lina Linda Linde
Lindsay Lindsey Linn Linnea Lino Linus Lionel Lisa Lisandro Lisbeth Lise Liselotte Lisette Liv Livia Livio Liz Lize
Ljiljana Ljubica Lloyd Loes Logan Lois Lola Lonnie Lore Loredana Lorena Lorenz Lorenza Lorenzo Loreto Loretta Lori
Lorin Loris Lorraine Lothar Lotta Lotte Lotti Lou Louis Louisa Louise Lourdes Loïc Loïs Luan Luana Luc Luca Lucas
Lucette Lucia Luciana Luciano Lucie Lucien Lucienne Lucila Lucinda Lucio Lucy Lucía Ludivine Ludmila Ludovic Ludovica
Ludvig Ludwig Luigi Luis Luisa Luise Luisina Luiza Luka Lukas Luke Luna Lutz Luz Luzia Luís Luísa Lydia Lydie Lynda
Lynn Lynne László Léa Léna Léo Léon Léonie Maaike Maarit Maarten Mabel Macarena Mackenzie Madeleine Madeline Madison
Mads Maeva Magali Magaly Magda Magdalena Magnus Mahmoud Mahmut Maia Maicol Maik Maira Maite Maja Majken Makayla
Malcolm Malena Malgorzata Malik Malika Malin Mallory Malte Mandy Manfred Manon Manuel Manuela Mara Marc Marcel Marcela
Marcelina Marcelino Marcella Marcelle Marcello Marcelo Marcia Marcial Marcin Marco Marcos Marcus Marek Maren Marga
Margaret Margareta Margarete Margaretha Margarida Margarita Margaux Margherita Margit Margot Margret Margrit
Marguerite Mari Maria Mariah Mariam Marian Mariana Marianela Mariann Marianna Marianne Mariano Maribel Marica Maricela
Marie Mariela Mariella Marielle Marietta Mariette Marija Marijana Marika Marilena Marilyn Marina Marine Marino Mario
Marion Marisa Marisela Marisol Marissa Marit Marita Maritta Maritza Marius Mariusz Marja Marjan Marjatta Marjorie
Marko Markus Marleen Marlen Marlene Marlies Marlis Marlon Marlène Marta Martha Marthe Martin Martina Martine Martyn
Martín Marvin Mary Maryam Maryline Maryse María Mason Massimiliano Massimo Mateo Mateus Matheo Mathew Mathias Mathieu
Mathijs Mathilda Mathilde Mathis Matias Matilda Matilde Mato Mats Matteo Matthew Matthias Matthieu Matti Mattia
Mattias Matías Maud Maude Maura Maureen Maurice Mauricio Maurits Maurizio Mauro Maxim Maxime Maximilian Maximiliano
Maxwell Maya Mayra Mayte Maël Maëlle Mckenzie Meagan Megan Meghan Mehdi Mehmet Meike Meinrad Melania Melanie Melina
Melinda Melisa Melissa Melody Melvin Mercedes Meredith Merel Merlin Mery Meryem Metin Mette Mia Micael Micaela Micha
Michael Michaela Michal Michaël Micheal Michel Michela Michele Micheline Michelle Michèle Miguel Mihaela Mika Mikael
Mikaela Mikayla Mike Mila Milagros Milan Milena Milica Milka Milla Milo Milos Milton Milán Mina Mindy Minna Miodrag
Mira Miranda Mirco Mireille Mirela Mirella Mireya Miriam Mirja Mirjam Mirjana Mirko Miro Miroslav Mirta Misael Misty
Mitchell Modesto Mohamad Mohamed Mohammad Mohammed Moisés Molly Mona Monica Monika Monique Montserrat Morena Moreno
Morgan Morgane Moritz Morris Morten Muhammad Muhammed Murat Muriel Murielle Mustafa Mustapha Mya Myriam Mária Máximo
Mégane Mélanie Mélissa Mónica Nabil Nada Nadia Nadin Nadine Nadja Nadège Nahuel Nancy Nando Nanna Nanni Naomi Narcisa
Narciso Natacha Natali Natalia Natalie Nataly Natan Natanael Natascha Natasha Natasja Nathalie Nathan Nathaniel
Natividad Neil Nela Nele Nelli Nelly Nelson Neo Niamh Nicanor Nicholas Nichole Nick Nicklas Niclas Nico Nicola Nicolai
Nicolas Nicole Nicoletta Nicolás Nidia Niels Nieves Nigel Nikita Nikki Niklas Niko Nikola Nikolai Nikolaj Nikolaos
Nikolas Nikolaus Nikolina Nilda Nils Nina Nino Nisa Noa Noah Noel Noelia Noemi Noemí Nolan Noor Nora Norah Norbert
Norberto Norma Norman Nour Nova Noé Noémi Noémie Noël Noëlla Noëlle Nuno Nuria Nury Nélida Néstor Octavia Octavio
Océane Oda Odette Odile Ofelia Ola Olaf Olav Olavi Ole Olegario Olena Olga Olimpia Oliver Olivia Olivie Olivier Omar
Omer Onofre Oona Ophélie Orhan Oriana Orlando Ornella Oscar Oskar Osman Osvaldo Oswald Oswaldo Othmar Otilia Ottilia
Otto Ove Ovidio Owen Pablo Paige Paloma Pam Pamela Paola Paolo Parker Pascal Pascale Pascual Pascuala Pasquale Patric
Patrice Patricia Patricio Patrick Patrik Patrizia Patrícia Patty Paul Paula Paulette Paulina Pauline Paulino Paulo
Pavel Pawel Paz Peder Pedro Peggy Pekka Penny Perla Pero Perry Petar Peter Petr Petra Petter Philip Philipp Philippa
Philippe Phillip Phoebe Phyllis Pia Piedad Pierina Piero Pierre Pieter Pietro Pilar Piotr Pippa Pirmin Pius Pol
Porfirio Preston Priscila Priscilla Priska Péter Pía Quentin Quinn Quinten Rachael Rachel Rachelle Rachid Radmila Raf
Rafael Rafaela Rafaël Raffael Raffaela Raffaele Raffaella Ragnar Ragnhild Rahel Raimund Raimundo Rainer Ralf Ralph
Ramadan Ramazan Ramiro Ramon Ramona Ramón Rana Randall Randi Randy Rania Raoul Raphael Raphaela Raphaël Raquel Rasmus
Raul Raven Ravi Ray Rayan Raymond Raymonde Raúl Rebeca Rebecca Rebekah Rebekka Reece Regan Regina Reginald Regine
Reina Reinaldo Reiner Reinhard Reinhilde Reinhold Remigio Remo Renata Renate Renato Rene Renee Renzo Renáta René Renée
Reuben Reynaldo Reza Rhonda Rhys Ria Ricarda Ricardo Riccardo Richard Rick Rickey Ricky Rico Rigoberto Rik Riley Rita
Robby Robert Roberta Roberto Robin Robinson Robyn Rocco Rocío Rodney Rodolfo Rodrigo Rogelio Roger Rohan Roland
Rolando Rolf Romain Roman Romana Romane Romeo Romina Romuald Romy Román Ron Ronald Ronaldo Ronja Ronnie Ronny Rony
Roos Roque Rory Rosa Rosalba Rosalia Rosalie Rosalía Rosaria Rosario Rose Rosemarie Rosemary Rosendo Rosie Rosina
Rosita Rosmarie Ross Rossana Roswitha Rouven Rowan Roxana Roxane Roy Rozalia Ruben Ruby Rubén Rudi Rudolf Rudy Rufino
Rui Rune Ruperto Russell Ruth Ryan Ryszard Rémy Rómulo Rüdiger Sabina Sabine Sabri Sabrina Sacha Safet Said Salih
Sally Salma Salomé Salomón Salvador Salvatore Sam Samanta Samantha Sami Samir Samira Samu Samuel Sander Sandra
Sandrine Sandro Sandy Sanna Sanne Santiago Santino Santos Sara Sarah Sarina Sascha Sasha Saskia Savannah Saverio Saúl
Scarlett Scott Sean Sebastiaan Sebastian Sebastiano Sebastián Sedat Segundo Selena Selim Selin Selina Selma Sem Sepp
Serafina Serena Serge Sergej Sergio Seth Severin Severino Sevim Shana Shane Shania Shannon Shari Sharon Shaun Shawn
Shawna Sheena Sheila Shelby Shelia Shelley Shelly Sheree Sheri Sherri Sherry Sheryl Shirley Shona Sian Sibylle
Siegfried Sienna Sierra Signe Sigrid Sigurd Silas Silja Silje Silke Silvana Silvano Silvia Silvio Simon Simona Simone
Simonne Simón Sina Sinead Siri Siv Slavica Slavko Slobodan Socorro Sofia Sofie Sofía Sol Solange Soledad Solveig
Solène Sonia Sonja Sonny Sonya Sophia Sophie Soraya Spencer Stacey Stacie Stacy Stan Stanislav Stanley Stef Stefan
Stefani Stefania Stefanie Stefano Steffen Steffi Stella Sten Stephan Stephanie Stephen Steve Steven Stewart Stig Stijn
Stina Stine Stjepan Stuart Stéphane Stéphanie Sue Summer Susan Susana Susann Susanna Susanne Susi Suzana Suzanne Svea
Sven Svenja Svetlana Swen Sybille Sydney Sylvia Sylviane Sylvie Sylwia Sára Sébastien Sérgio Séverine Sören Süleyman
Tabea Tabitha Tadeusz Tage Tahir Tamara Tami Tammie Tammy Tamás Tania Tanja Tanner Tanya Tapani Tapio Tara Tasha
Tatiana Tatjana Taylor Teodor Teodora Teodoro Terence Teresa Teresita Terrance Terrence Terri Terry Tess Tessa Teófilo
Thea Theo Theodor Theodora Theodore Theres Theresa Therese Theresia Thi Thiago Thibault Thibaut Thierry Thijs Thomas
Thor Thorsten Théo Théodore Thérèse Tia Tiago Tiare Tibor Tiffany Tijs Tilde Till Tim Timea Timo Timon Timoteo Timothy
Timothée Tina Tine Tino Tito Tiziana Tiziano Tobias Toby Todd Tom Tomas Tomasz Tomislav Tommy Tomás Toni Tony Tonya
Tor Torben Tore Tori Torsten Tove Tracey Traci Tracie Tracy Trevor Tricia Trine Trinidad Tristan Troy Tulio Tuulikki
Tyler Tyrone Udo Ugo Ulf Ulises Ulla Ulrich Ulrik Ulrike Umberto Unni Urban Uriel Urs Ursula Urszula Ute Uwe Valdemar
Valentim Valentin Valentina Valentine Valentino Valentín Valeria Valerie Valerio Valeska Valter Valérie Vanesa Vanessa
Vania Vasco Veerle Veli Vera Verena Verner Vernon Veronica Veronika Veronique Verónica Vesna Vicente Vicki Vickie
Vicky Victoire Victor Victoria Victoriano Victorino Vidar Viktor Viktoria Vilhelm Ville Vilma Vince Vincent Vincenza
Vincenzo Vinzenz Viola Violeta Violetta Violette Virgilio Virginia Virginie Vito Vitor Vittoria Vittorio Vitória
Vivian Viviana Viviane Vivien Vivienne Vladimir Volker Véronique Víctor Waldemar Walter Waltraud Wanda Warren Wayne
Wendelin Wendy Werner Wesley Whitney Wilfredo Wilfrido Wilfried Wilhelm Willem Willi William Willie Willy Wilma Wilmer
Wilson Witold Wladimir Wojciech Wolfgang Wout Wouter Wyatt Xaver Xavier Xenia Ximena Xiomara Yago Yan Yanet Yanis Yann
Yannick Yannis Yara Yasemin Yasmin Yasmina Yasmine Yasmín Yassin Yassine Yeison Yenifer Yenny Yesenia Yilmaz Yngve
Yohan Yohana Yolanda Yolande Younes Youssef Yuliana Yuri Yusuf Yvan Yves Yvette Yvonne Yésica Yéssica Zac Zacarías
Zachary Zahra Zaira Zakaria Zara Zdenka Zeljko Zeno Zeynep Zita Zlatko Zoe Zoey Zoltan Zoltán Zora Zoraida Zoran Zoé
Zoë Zsolt Zuzana Álvaro Ámbar Ángel Ángela Åse Óscar Ömer Özlem Øystein Øyvind Úrsula
Aarav Aarti Abhishek Adaeze Aditi Aditya Agus Ajay Akash Akira Amit Amrita Ananya Anil Anjali Ankit Ankita Arjun Arun
Asha Ashok Ayesha Babajide Bambang Bhavna Bayu Budi Chidi Chinedu Chinwe Chukwuemeka Daichi Darma Deepa Deepak Deepika
Dewi Dian Dinesh Divya Eko Emeka Farah Fatou Folake Ganesh Gaurav Gita Gopal Haruka Haruki Harish Haruto Hina Hiroshi
Ifeoma Ishaan Jaya Joko Jun Kavita Kavya Keiko Kenji Kenta Kiran Kwame Lakshmi Linh Mahesh Mai Manish Meera Mei Minh
Misaki Naoki Neha Ngozi Nikhil Nisha Nur Olumide Padma Pooja Prakash Pradeep Prasad Priya Putri Rahul Rajesh Rajiv
Rakesh Ramesh Rekha Rina Rizky Rohit Sachin Sakura Sanjay Sandeep Sari Satoshi Shreya Siti Sneha Sri Suman Sunil
Sunita Suresh Takashi Takeshi Tanvi Taro Thanh Thuy Tuan Uchenna Usha Varun Vijay Vikram Vinod Vivek Wahyu Wei Xin
Yuki Yuto Zainab Małgorzata Paweł Łukasz Íñigo Élodie Linnéa Ayşe Femi Tunde Zanele Thabo Sipho Lerato Amara Juma
Wanjiru Achieng Александр Александра Алексей Алина Алла Анастасия Анатолий Андрей Анна Антон Артем Артём Борис Вадим
Валентина Валерий Василий Вера Виктор Виктория Виталий Владимир Владислав Вячеслав Галина Георгий Григорий Дарья Денис
Дмитрий Евгений Евгения Егор Екатерина Елена Елизавета Иван Игорь Илья Инна Ирина Кирилл Константин Ксения Лариса Лев
Леонид Лидия Людмила Максим Марина Мария Михаил Надежда Наталия Наталья Никита Николай Нина Оксана Олег Ольга Павел
Петр Пётр Полина Роман Светлана Сергей София Станислав Степан Тамара Татьяна Тимофей Федор Фёдор Юлия Юрий Яна Ярослав
Олександр Ірина Тарас Богдан Андрій Сергій Дмитро Михайло Наталія Тетяна Юлія Катерина Володимир Іван Олена Анастасія
Марія Петро Микола Василь Олексій Ігор Вікторія`
